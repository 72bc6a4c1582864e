import { describe, expect, test } from 'vitest';
import { scenarioOf } from '../../domain/scene/from-call.ts';
import { judgeScenario } from '../../domain/scene/judge.ts';
import type { Expectation, Scenario } from '../../domain/scene/scenario.ts';
import type { Observation } from '../../domain/call/input.ts';
import { Ledger, requestCall } from './ledger.ts';

const said = (speaker: 'agent' | 'customer', text: string): Observation => ({
  type: 'wordsSpoken',
  ...{ utteranceId: `${speaker} ${text}`, speaker, text, startedAtMs: 1, endedAtMs: 2, interrupted: false },
});

/** A conversation in words of which this was observed. */
function held(observations: readonly Observation[], end: Observation | null): Ledger {
  const ledger = new Ledger();
  ledger.take({ ...requestCall, media: 'silent', channel: 'lab' });
  ledger.take({ type: 'agentChosen', hostId: 'h', agentName: 'h' });
  const hello = { offer: 1, session: 's', hostId: 'h', identity: 'agent-1', agentClockMs: ledger.nowMs };
  ledger.take({ type: 'agentHello', ...hello });
  for (const observation of [...observations, ...(end === null ? [] : [end])])
    ledger.take({ type: 'observe', session: 's', observation });
  return ledger;
}
const through: Observation = { type: 'sessionEnding', by: 'customer', reason: 'the scenario is through' };
const scenario = (expectations: Expectation[], lines = ['Hello.']): Scenario => ({
  ...{ name: 'x', customerName: null, lines, expectations },
});
const judge = (given: Scenario, ledger: Ledger) => judgeScenario(given, ledger.call!, ledger.events);

describe('SCENE-2 what came of a scenario is told by its ledger', () => {
  const ledger = held(
    [
      said('agent', 'Welcome! How can I help?'),
      said('customer', 'Hello.'),
      { type: 'toolUsed', tool: 'look_up_vehicle', succeeded: false, durationMs: 5 },
      { type: 'toolUsed', tool: 'record_answer', succeeded: true, durationMs: 5 },
      { type: 'answerRecorded', question: 'amount', answer: 'Twenty thousand dollars' },
      { type: 'humanRequested', reason: 'wants a person' },
      { type: 'doNotCallRequested' },
      said('agent', 'That is a fine, blue car.'),
    ],
    through,
  );

  test.each<[string, Expectation, boolean]>([
    ['words, whatever their case and punctuation', { kind: 'agentSays', text: 'FINE blue, car!' }, true],
    ['words that nobody said', { kind: 'agentSays', text: 'red car' }, false],
    ['words that the customer said', { kind: 'agentSays', text: 'hello' }, false],
    ['words that must not be said and were', { kind: 'agentNeverSays', text: 'how can I' }, false],
    ['words that must not be said and were not', { kind: 'agentNeverSays', text: 'how may I' }, true],
    ['a tool that worked', { kind: 'usesTool', tool: 'record_answer' }, true],
    ['a tool that failed', { kind: 'usesTool', tool: 'look_up_vehicle' }, false],
    [
      'a tool that must not be used and was, in vain',
      { kind: 'neverUsesTool', tool: 'look_up_vehicle' },
      false,
    ],
    ['a tool that was not used', { kind: 'neverUsesTool', tool: 'create_vehicle' }, true],
    ['an answer', { kind: 'notesAnswer', question: 'amount', text: 'twenty thousand' }, true],
    ['another answer', { kind: 'notesAnswer', question: 'amount', text: 'thirty' }, false],
    ['a person', { kind: 'asksForPerson' }, true],
    ['do not call', { kind: 'marksDoNotCall' }, true],
    ['a call back that nobody noted', { kind: 'promisesCallBack' }, false],
    ['how it ended', { kind: 'endsAs', outcome: 'customerHungUp' }, true],
    ['how it did not end', { kind: 'endsAs', outcome: 'completed' }, false],
  ])('%s', (_what, expectation, met) => {
    const verdict = judge(scenario([expectation]), ledger);
    expect(verdict).toMatchObject({ passed: met, checks: [{ expectation, met }], problem: null });
    expect(verdict!.checks[0]!.because).not.toBe('');
  });

  test('not before it has ended', () => {
    expect(judge(scenario([]), held([said('agent', 'Hi.')], null))).toBeNull();
  });

  test('a conversation that broke off proves nothing, but one that the agent ended was held', () => {
    const wanted = scenario([], ['One.', 'Two.']);
    const broken: Observation = { type: 'sessionEnding', by: 'agent', reason: 'done' };
    const one = [said('customer', 'One.')];
    expect(judge(wanted, held(one, through))).toMatchObject({
      passed: false,
      problem: 'It broke off after 1 of 2 lines.',
    });
    expect(judge(wanted, held(one, broken))).toMatchObject({ passed: true, problem: null });
  });
});

test('SCENE-4 made of a call it holds what the customer said, without what identifies', () => {
  const { call } = held(
    [
      said('agent', 'What is your number?'),
      said('customer', 'It is 202 555 0143.'),
      said('customer', 'Write to robin@example.com please.'),
    ],
    through,
  );
  const made = scenarioOf(call!);
  expect(made.lines).toHaveLength(2);
  expect(JSON.stringify(made)).not.toMatch(/0143|robin@/);
  expect(made).toMatchObject({ customerName: null, expectations: [] });
});
