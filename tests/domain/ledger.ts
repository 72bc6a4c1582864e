import type { CallEvent } from '../../domain/call/fact.ts';
import type { CallInput, Observation } from '../../domain/call/input.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { OwedEffect } from '../../domain/call/effects.ts';
import { applyCallEvent } from '../../domain/call/apply.ts';
import { decide } from '../../domain/call/decide.ts';
import { effectsOwed } from '../../domain/call/effects.ts';

export const START_MS = 1_790_000_000_000;
export const requestCall: Extract<CallInput, { type: 'requestCall' }> = {
  type: 'requestCall',
  callId: 'c1',
  epoch: 'e1',
  room: 'call-c1',
  profile: 'auto-sales',
  channel: 'web',
  media: 'livekit',
  contact: { name: null },
  requestedBy: 'customer',
};

/** A ledger on a virtual clock: what the object does, without the object. */
export class Ledger {
  call: CallState | null = null;
  nowMs = START_MS;
  readonly events: CallEvent[] = [];
  readonly owed: OwedEffect[] = [];

  take(input: CallInput): string {
    const decision = decide(this.call, input, this.nowMs);
    if (!decision.ok) return decision.refusal.code;
    for (const fact of decision.facts) {
      const event: CallEvent = { ...fact, seq: this.events.length + 1, atMs: this.nowMs };
      const after = applyCallEvent(this.call, event);
      this.owed.push(...effectsOwed(this.call, event, after));
      this.events.push(event);
      this.call = after;
    }
    return 'ok';
  }
}

export const said = (utteranceId: string, startedAtMs: number): Observation => ({
  type: 'wordsSpoken',
  utteranceId,
  speaker: 'customer',
  text: utteranceId,
  startedAtMs,
  endedAtMs: startedAtMs + 500,
  interrupted: false,
});

export const hello = (offer: number, session: string, nowMs: number): CallInput => ({
  type: 'agentHello',
  offer,
  session,
  hostId: `host-${offer}`,
  identity: `agent-${session}`,
  agentClockMs: nowMs,
});
