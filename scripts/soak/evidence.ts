import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { AgentSeat, CallState } from '../../domain/call/state.ts';
import type { PlacedCall } from './callers.ts';
import type { Deployment } from './deployment.ts';
import type { Disturbance } from './disturbance.ts';
import type { HostLife } from './hosts.ts';
import type { AckedLine } from './wire-witness.ts';

/** One call after the soak. */
export interface CallRecord {
  readonly callId: string;
  /** Null: the caller never got the answer to its request, but the call exists. */
  readonly placed: PlacedCall | null;
  readonly ledger: readonly CallEvent[];
  readonly state: CallState;
}

/** Everything the checks judge by, gathered once all is at rest. */
export interface Evidence {
  readonly calls: readonly CallRecord[];
  readonly disturbances: readonly Disturbance[];
  readonly lives: readonly HostLife[];
  readonly ackedLines: readonly AckedLine[];
}

/** What one rule was held against and what broke it. */
export interface Finding {
  readonly rule: string;
  readonly checked: number;
  /** One sentence each, with the call's id; empty when the rule held. */
  readonly violations: readonly string[];
  /** Figures worth a line in the table. */
  readonly note: string;
}

export async function readRecord(
  deployment: Deployment,
  callId: string,
  placed: PlacedCall | null,
): Promise<CallRecord> {
  const ledger = await deployment.ledger(callId);
  const state = foldCall(ledger);
  if (state === null) throw new Error(`${callId}: its ledger is empty`);
  return { callId, placed, ledger, state };
}

/** The agent that served the call at that time, epoch ms. */
export function agentAt({ state }: CallRecord, atMs: number): AgentSeat | null {
  const endMs = state.end?.atMs ?? Number.POSITIVE_INFINITY;
  if (atMs >= endMs) return null;
  return (
    state.agents.find(
      (seat) => seat.joinedAtMs <= atMs && (seat.leftAtMs === null || seat.leftAtMs > atMs),
    ) ?? null
  );
}

/** Whether a customer was in the room all that time, by the ledger. */
export function customerThere({ ledger }: CallRecord, fromMs: number, untilMs: number): boolean {
  let there = false;
  for (const event of ledger) {
    if (event.atMs > untilMs) break;
    if (event.type !== 'customerJoined' && event.type !== 'customerLeft' && event.type !== 'callEnded')
      continue;
    if (event.atMs > fromMs && event.type !== 'customerJoined') return false;
    there = event.type === 'customerJoined';
  }
  return there;
}

/** The value below which so many of a hundred lie; null of nothing. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * share) / 100) - 1)] ?? null;
}

export const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`);
