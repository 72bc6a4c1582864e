import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Speaker } from '../../domain/call/fact.ts';
import { LONG_SILENCE_MS, needsOf, silenceOf, SLOW_TURN_MS } from '../../domain/call/needs.ts';
import { summarise } from '../../domain/call/summary.ts';
import { summaryInSight } from '../../domain/privacy/sight.ts';
import { hello, Ledger, requestCall } from './ledger.ts';

let ledger: Ledger;

beforeEach(() => {
  ledger = new Ledger();
  ledger.take(requestCall);
  ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'a' });
  ledger.take(hello(1, 's1', ledger.nowMs));
  ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
});

let utterances = 0;
function say(speaker: Speaker, text: string): void {
  ledger.nowMs += 2_000;
  ledger.take({
    type: 'observe',
    session: 's1',
    observation: {
      type: 'wordsSpoken',
      utteranceId: `u${utterances++}`,
      speaker,
      text,
      startedAtMs: ledger.nowMs - 1_000,
      endedAtMs: ledger.nowMs,
      interrupted: false,
    },
  });
}
const observe = (observation: Parameters<typeof ledger.take>[0] & { type: 'observe' }): string =>
  ledger.take(observation);
const useTool = (succeeded: boolean): string =>
  observe({
    type: 'observe',
    session: 's1',
    observation: { type: 'toolUsed', tool: 'look_up_vehicle', succeeded, durationMs: 5 },
  });
const kinds = (): string[] => (ledger.call === null ? [] : needsOf(ledger.call).map(({ kind }) => kind));
const told = (): string[] =>
  ledger.owed.flatMap(({ effect }) => (effect.type === 'notify' ? [effect.occurrence.kind] : []));

describe('NEED-1 a call is raised for a stated reason, strongest first', () => {
  test('an ordinary conversation raises nothing', () => {
    say('agent', 'Welcome to CME Auto Sales! How can I help you today?');
    say('customer', 'I would like a used car, please. Nothing too expensive, something reliable.');
    say('agent', 'Of course. Which model do you have in mind?');
    say('customer', "I'm not sure. What do you have? I said hello to your colleague yesterday.");
    expect(kinds()).toEqual([]);
    expect(told()).not.toContain('callAtRisk');
  });

  test.each([
    'This is ridiculous.',
    'I am so angry right now!',
    "You'll hear from my lawyer.",
    'What the hell?',
    'Das ist eine Frechheit!',
    "C'est inadmissible",
    'Esto es inaceptable',
  ])('anger in a customer’s words: %s', (text) => {
    say('customer', text);
    expect(kinds()).toEqual(['anger']);
  });

  test('an agent who says such a word is not an angry customer', () => {
    say('agent', 'That must have felt ridiculous to you.');
    expect(kinds()).toEqual([]);
  });

  test('one misunderstanding happens; a second raises the call', () => {
    say('agent', "Sorry, I didn't catch that.");
    expect(kinds()).toEqual([]);
    say('customer', "No, that's not what I said.");
    expect(kinds()).toEqual(['misunderstood']);
  });

  test('a tool that failed twice in a row, until it works', () => {
    useTool(false);
    expect(kinds()).toEqual([]);
    useTool(false);
    expect(kinds()).toEqual(['toolFailing']);
    useTool(true);
    expect(kinds()).toEqual([]);
  });

  test('three slow exchanges in a row, not two', () => {
    for (const expected of [[], [], ['slow']]) {
      ledger.take({
        type: 'observe',
        session: 's1',
        observation: {
          type: 'turnMeasured',
          turnId: `t${expected.length}`,
          endOfTurnMs: null,
          sttMs: null,
          llmMs: null,
          ttsMs: null,
          totalMs: SLOW_TURN_MS + 1,
        },
      });
      if (expected.length > 0) expect(kinds()).toEqual(expected);
    }
  });

  test('a customer whose agent was lost', () => {
    ledger.take({
      type: 'observe',
      session: 's1',
      observation: { type: 'sessionEnding', by: 'error', reason: 'gone' },
    });
    expect(kinds()).toEqual(['nobodyServes']);
  });

  test('who asked for a person comes first, and the end ends it', () => {
    say('customer', 'This is unacceptable.');
    ledger.take({
      type: 'observe',
      session: 's1',
      observation: { type: 'humanRequested', reason: 'a refund' },
    });
    expect(kinds()).toEqual(['humanAsked', 'anger']);
    ledger.take({ type: 'hangUp', by: 'u1' });
    expect(kinds()).toEqual([]);
  });

  test('what was said long ago has been answered', () => {
    say('customer', 'This is outrageous!');
    for (let each = 0; each < 12; each++) say(each % 2 === 0 ? 'agent' : 'customer', 'All right.');
    expect(kinds()).toEqual([]);
  });

  test('weights fall, and only words of ours or masked ones are shown to who sees less', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('fed up', 'I said no', 'fine', '+1 202 555 0143')), (texts) => {
        for (const text of texts) say('customer', text);
        const { call } = ledger;
        if (call === null) throw new Error('there is a call');
        const weights = needsOf(call).map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
        expect(JSON.stringify(summaryInSight(summarise(call), 'masked').needs ?? [])).not.toContain('555');
      }),
      { numRuns: 50 },
    );
  });
});

test('NEED-2 people are told when it begins, once for each kind', () => {
  say('customer', 'This is ridiculous.');
  say('customer', 'Really ridiculous, I am fed up.');
  expect(told().filter((kind) => kind === 'callAtRisk')).toHaveLength(1);
  say('customer', 'No, I said the red one.');
  say('customer', 'You are not listening!');
  expect(told().filter((kind) => kind === 'callAtRisk')).toHaveLength(2);
});

test('NEED-3 silence is judged by the clock of who looks', () => {
  expect(silenceOf(null, 1_000_000)).toBeNull();
  expect(silenceOf(1_000, 1_000 + LONG_SILENCE_MS - 1)).toBeNull();
  expect(silenceOf(1_000, 1_000 + LONG_SILENCE_MS)).toMatchObject({ kind: 'silence', sinceMs: 1_000 });
});
