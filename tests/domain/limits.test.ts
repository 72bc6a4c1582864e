import { describe, expect, test } from 'vitest';
import type { CallInput, Observation } from '../../domain/call/input.ts';
import type { Prices } from '../../domain/cost/cost.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { FAREWELL_MS } from '../../domain/call/deadlines.ts';
import { effectsOwed } from '../../domain/call/effects.ts';
import { SPEND_FAREWELL_MS } from '../../domain/call/limits.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { Ledger, hello, requestCall } from './ledger.ts';

const free: Prices = {
  sttMinute: 0,
  llmInputMillion: 0,
  llmOutputMillion: 0,
  ttsMillionCharacters: 0,
  ttsMinute: 0,
  mediaMinute: 1_000_000,
  phoneMinute: 1_000_000,
};
/** A dollar a million tokens: a micro-dollar a token. */
const prices: Prices = { ...free, llmInputMillion: 1_000_000 };

type Limits = NonNullable<Extract<CallInput, { type: 'requestCall' }>['limits']>;

function answered(limits: Limits = { durationMs: 600_000, spendMicros: null }): Ledger {
  const ledger = new Ledger();
  ledger.take({ ...requestCall, limits });
  ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'a' });
  ledger.take(hello(1, 's1', ledger.nowMs));
  ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'C_1' } });
  return ledger;
}
const observe = (ledger: Ledger, observation: Observation) =>
  ledger.take({ type: 'observe', session: 's1', observation });
const used = (ledger: Ledger, llmInputTokens: number) =>
  observe(ledger, {
    type: 'usageReported',
    sttAudioMs: 0,
    llmInputTokens,
    llmOutputTokens: 0,
    ttsCharacters: 0,
    ttsAudioMs: 0,
  });
const wait = (ledger: Ledger, ms: number): void => {
  ledger.nowMs += ms;
  ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
};
const takeOver = (ledger: Ledger): void => {
  const ada = { by: 'user:ada', byName: 'Ada' };
  ledger.take({ type: 'giveSeat', seat: 'operator', identity: 'operator-a', ...ada });
  ledger.take({ type: 'seatSeen', participant: { identity: 'operator-a', connection: 'PA_1' } });
  ledger.take({
    type: 'giveOrder',
    orderId: 'o1',
    order: { kind: 'takeOver', identity: 'operator-a' },
    ...ada,
  });
};
const typesOf = (ledger: Ledger) => ledger.events.map(({ type }) => type);
const gone = { type: 'modelReplaced', stage: 'thinking', from: 'lab/lab-llm', to: null } as const;

describe('what a call may cost', () => {
  test('LIMIT-2 the report that reaches it says so, once, by the models’ prices alone', () => {
    const ledger = answered({ durationMs: 600_000, spendMicros: 1_000, prices });
    wait(ledger, 60_000);
    used(ledger, 600);
    expect(typesOf(ledger)).not.toContain('spendLimitReached');
    used(ledger, 400);
    used(ledger, 400);
    const reached = ledger.events.filter(({ type }) => type === 'spendLimitReached');
    expect(reached).toMatchObject([{ spentMicros: 1_000 }]);
    for (const event of ledger.events) expect(CallEventSchema.safeParse(event).success).toBe(true);
    expect(foldCall(ledger.events)).toEqual(ledger.call);
  });

  test('LIMIT-2 an agent that went ends the call as out of money; one that did not is cut off', () => {
    const polite = answered({ durationMs: 600_000, spendMicros: 100, prices });
    used(polite, 100);
    observe(polite, { type: 'sessionEnding', by: 'agent', reason: 'spent', outcome: 'spendLimit' });
    expect(polite.call?.end).toMatchObject({ outcome: 'spendLimit', endedBy: 'agent' });
    const deaf = answered({ durationMs: 600_000, spendMicros: 100, prices });
    used(deaf, 100);
    wait(deaf, SPEND_FAREWELL_MS - 1);
    expect(deaf.call?.end).toBeNull();
    wait(deaf, 1);
    expect(deaf.call?.end).toMatchObject({ outcome: 'spendLimit', endedBy: 'system' });
  });

  test('LIMIT-2 a person who has the line is not cut off for what the models cost', () => {
    const ledger = answered({ durationMs: 600_000, spendMicros: 100, prices });
    used(ledger, 100);
    takeOver(ledger);
    wait(ledger, SPEND_FAREWELL_MS + 1);
    expect(ledger.call?.end).toBeNull();
  });

  test('LIMIT-2 without a limit, or without prices, nothing is reckoned', () => {
    for (const limits of [
      { durationMs: 600_000, spendMicros: null, prices },
      { durationMs: 600_000, spendMicros: 1 },
    ]) {
      const ledger = answered(limits);
      used(ledger, 1_000_000);
      expect(typesOf(ledger)).not.toContain('spendLimitReached');
    }
  });
});

describe('no model is left', () => {
  test('MODEL-2 a call back is promised, the agent keeps its place to say so, and the call ends as agentFailed', () => {
    const ledger = answered();
    observe(ledger, gone);
    observe(ledger, gone);
    expect(typesOf(ledger).filter((type) => type === 'callBackPromised')).toHaveLength(1);
    const promised = ledger.events.find(({ type }) => type === 'callBackPromised');
    if (promised === undefined || ledger.call === null) throw new Error('it was promised');
    // Nobody else speaks into the room, and no seat is freed under the agent's feet.
    expect(effectsOwed(ledger.call, promised, ledger.call).map(({ effect }) => effect.type)).toEqual([
      'project',
      'notify',
    ]);
    observe(ledger, { type: 'sessionEnding', by: 'agent', reason: 'no model', outcome: 'agentFailed' });
    expect(foldCall(ledger.events)?.end).toMatchObject({ outcome: 'agentFailed' });
    expect(foldCall(ledger.events)?.callBackPromisedAtMs).not.toBeNull();
  });

  test('MODEL-2 an agent that cannot even leave is not waited for, and has no successor', () => {
    const silent = answered();
    observe(silent, gone);
    wait(silent, FAREWELL_MS);
    expect(silent.call?.end).toMatchObject({ outcome: 'agentFailed' });
    const crashed = answered();
    observe(crashed, gone);
    observe(crashed, { type: 'sessionEnding', by: 'error', reason: 'crashed' });
    expect(crashed.call?.end).toMatchObject({ outcome: 'agentFailed' });
  });

  test('MODEL-2 while a person has the line nothing is promised, and the call goes on', () => {
    const ledger = answered();
    takeOver(ledger);
    observe(ledger, gone);
    expect(typesOf(ledger)).toContain('modelReplaced');
    expect(typesOf(ledger)).not.toContain('callBackPromised');
    wait(ledger, FAREWELL_MS);
    expect(ledger.call?.end).toBeNull();
  });

  test('MODEL-1 one that stands in for another is only written down', () => {
    const ledger = answered();
    observe(ledger, { ...gone, to: 'openai' });
    expect(ledger.call?.modelsReplaced).toMatchObject([{ from: 'lab/lab-llm', to: 'openai' }]);
    expect(typesOf(ledger)).not.toContain('callBackPromised');
  });
});

test('TURN-1 LIMIT-1 what an agent that went by itself says of the call is what it comes to', () => {
  for (const outcome of ['stale', 'timeLimit'] as const) {
    const ledger = answered();
    observe(ledger, { type: 'sessionEnding', by: 'agent', reason: 'x', outcome });
    expect(ledger.call?.end?.outcome).toBe(outcome);
  }
});
