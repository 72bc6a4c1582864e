import fc from 'fast-check';
import type { CallEvent, CallFact, Speaker } from '../../domain/call/fact.ts';

/** Ledgers as a monitor may be sent them: always begun, never with an impossible order. */

export const T0 = 1_700_000_000_000;

export const requested: CallFact = {
  type: 'callRequested',
  callId: 'call-1',
  epoch: 'epoch-a',
  room: 'call-call-1',
  profile: 'auto-sales',
  channel: 'lab',
  media: 'livekit',
  contact: { name: 'Ana Lima' },
  requestedBy: 'customer',
};

export const words = (
  utteranceId: string,
  speaker: Speaker,
  startedAtMs: number,
  text = 'words',
): CallFact => ({
  type: 'wordsSpoken',
  utteranceId,
  speaker,
  text,
  startedAtMs,
  endedAtMs: startedAtMs + 900,
  interrupted: false,
});

export const agentJoined = (offer: number): CallFact => ({
  type: 'agentJoined',
  offer,
  session: `session-${offer}`,
  hostId: 'host-1',
  identity: `agent-${offer}`,
  clockOffsetMs: 0,
});

export const measured = (turnId: string, totalMs = 600): CallFact => ({
  type: 'turnMeasured',
  turnId,
  endOfTurnMs: 300,
  sttMs: 100,
  llmMs: 150,
  ttsMs: 50,
  totalMs,
});

/** Numbers facts from 1, a second apart. */
export const ledger = (facts: readonly CallFact[]): CallEvent[] =>
  facts.map((fact, index) => ({ ...fact, seq: index + 1, atMs: T0 + index * 1_000 }));

const routine = fc.oneof(
  fc
    .tuple(fc.uuid(), fc.constantFrom<Speaker>('customer', 'agent', 'operator'), fc.nat(600_000))
    .map(([id, speaker, atMs]) => words(id, speaker, T0 + atMs)),
  fc.uuid().map((id) => measured(id)),
  fc.constant<CallFact>({ type: 'humanRequested', reason: 'asked for a person' }),
  fc.constant<CallFact>({ type: 'toolUsed', tool: 'end_call', succeeded: true, durationMs: 5 }),
);

export const anyLedger: fc.Arbitrary<CallEvent[]> = fc
  .array(routine, { maxLength: 40 })
  .map((facts) => ledger([requested, agentJoined(1), ...facts]));
