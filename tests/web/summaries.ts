import type { CallSummary } from '../../domain/call/summary.ts';

/** A call in progress, as a row. */
export const summary = (over: Partial<CallSummary> = {}): CallSummary => ({
  callId: 'call-1',
  profile: 'auto-sales',
  channel: 'lab',
  media: 'livekit',
  contactName: 'Ana Lima',
  phase: 'inProgress',
  requestedAtMs: 1_000,
  answeredAtMs: 2_000,
  endedAtMs: null,
  outcome: null,
  agentHost: 'host-1',
  lastWords: null,
  utterances: 0,
  latencyMs: null,
  attention: null,
  ribbon: [],
  callBackPromisedAtMs: null,
  head: 5,
  ...over,
});
