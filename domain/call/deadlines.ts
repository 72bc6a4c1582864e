import { awaitsDial, expectsCustomer, isRinging } from './dialling.ts';
import type { Liveness } from './input.ts';
import { farewellSinceMs, SPEND_FAREWELL_MS, spentSinceMs } from './limits.ts';
import { recordingDeadlines } from './recordings.ts';
import type { CallState } from './state.ts';
import type { SteeringDeadlineName } from './steering-deadlines.ts';
import { customerPresent, hasEnded, presentAgent } from './state.ts';
import { steeringDeadlines } from './steering-deadlines.ts';
import { lineOf, supervisionOf } from './supervision.ts';

/** A dispatched agent has this long to open its door, or the call is offered elsewhere (DISPATCH-2). */
export const AGENT_ARRIVAL_MS = 12_000;
/** A call for which no seat is found ends after this long (DISPATCH-4). */
export const AGENT_SEARCH_MS = 20_000;
/** An agent whose socket is gone may come back this long: a deploy drops every socket (DISPATCH-5). */
export const AGENT_RETURN_MS = 4_000;
/** Offers made to hosts in a row before the search is given up (DISPATCH-4). */
export const MAX_OFFERS = 3;
/** A customer who never joined has not come (DEADLINE-1). */
export const CUSTOMER_ARRIVAL_MS = 60_000;
/** With an agent there, the carrier is asked within this, or the dial has failed (DIAL-4). */
export const DIAL_START_MS = 30_000;
/** A carrier's own word may come so long after the ringing should have stopped (DIAL-4). */
export const RING_GRACE_MS = 15_000;
/** A customer who left may come back this long (DEADLINE-2). */
export const CUSTOMER_RETURN_MS = 3_000;
/** No conversation lasts longer (DEADLINE-3). */
export const MAXIMUM_DURATION_MS = 30 * 60_000;
/** A call in which nobody says a word holds its seat for nothing (DEADLINE-6). */
export const SILENCE_MS = 180_000;
/** A call without any sign of life is over (DEADLINE-4). */
export const STALE_MS = 120_000;
/** Every live call is compared with the media server's own list this often (LEDGER-4). */
export const RECONCILE_MS = 20_000;

/**
 * Words begun up to this long after the end were still spoken in the call: the news of the end takes a moment, and a
 * clock offset is only as good as the network's delay (LEDGER-3).
 */
export const LATE_WORDS_MS = 5_000;

/** A customer who was promised a call back has this long to hear the sentence: a heartbeat, a join, the words (DISPATCH-8). */
export const FAREWELL_MS = 15_000;

export type DeadlineName =
  | SteeringDeadlineName
  | 'agentArrival'
  | 'agentSearch'
  | 'agentReturn'
  | 'customerArrival'
  | 'dialStart'
  | 'farewell'
  | 'customerReturn'
  | 'maximumDuration'
  | 'spendLimit'
  | 'silence'
  | 'stale'
  | 'recordingBegin'
  | 'recordingStore';

export interface Deadline {
  readonly name: DeadlineName;
  readonly atMs: number;
}

/** Every deadline that stands for this call, earliest first. Once it has ended, only those of its recordings. */
export function deadlinesOf(call: CallState, liveness: Liveness): readonly Deadline[] {
  if (hasEnded(call)) return recordingDeadlines(call);
  const due: Deadline[] = [...recordingDeadlines(call)];
  const add = (name: DeadlineName, sinceMs: number | null | undefined, afterMs: number): void => {
    if (sinceMs !== null && sinceMs !== undefined) due.push({ name, atMs: sinceMs + afterMs });
  };
  add('agentArrival', call.openOffer?.offeredAtMs, AGENT_ARRIVAL_MS);
  add('agentSearch', isSought(call) ? searchingSinceMs(call) : null, searchPatienceMs(call));
  add('agentReturn', presentAgent(call) === null ? null : liveness.agentLinkLostAtMs, AGENT_RETURN_MS);
  if (call.request.dial === undefined)
    add('customerArrival', call.customer === null ? call.requestedAtMs : null, CUSTOMER_ARRIVAL_MS);
  else {
    add('dialStart', awaitsDial(call) ? presentAgent(call)?.joinedAtMs : null, DIAL_START_MS);
    const ringsSinceMs = isRinging(call) ? call.dial?.startedAtMs : null;
    add('customerArrival', ringsSinceMs, call.request.dial.ringMs + RING_GRACE_MS);
  }
  add('farewell', farewellSinceMs(call, presentAgent(call) !== null), FAREWELL_MS);
  add('spendLimit', spentSinceMs(call), SPEND_FAREWELL_MS);
  add('customerReturn', customerPresent(call) ? null : call.customer?.leftAtMs, CUSTOMER_RETURN_MS);
  add('maximumDuration', call.answeredAtMs, call.request.limits?.durationMs ?? MAXIMUM_DURATION_MS);
  if (lineOf(call) === null) {
    add('silence', silentSinceMs(call), SILENCE_MS);
    add('stale', Math.max(liveness.lastSignAtMs, call.lastEventAtMs), STALE_MS);
  }
  due.push(...steeringDeadlines(call));
  return due.sort((a, b) => a.atMs - b.atMs);
}

/** Since when nobody has said a word; null before the call was answered. Patience begins anew when a person gives the line back. */
function silentSinceMs(call: CallState): number | null {
  const releasedAtMs = supervisionOf(call).releasedAtMs ?? 0;
  return call.answeredAtMs === null
    ? null
    : Math.max(call.answeredAtMs, call.lastWordsAtMs ?? 0, releasedAtMs);
}

/** Nobody waits for an agent while a person talks with them (STEER-7). */
function searchingSinceMs(call: CallState): number | null {
  if (call.searchingSinceMs === null || lineOf(call) !== null) return null;
  return Math.max(call.searchingSinceMs, supervisionOf(call).releasedAtMs ?? 0);
}

/** A lost agent is replaced only for a customer who is there, may answer any moment or is still to be rung; else the customer's own deadlines count (DISPATCH-5). */
function isSought(call: CallState): boolean {
  const awaited = customerPresent(call) || expectsCustomer(call) || call.agents.length === 0;
  return call.openOffer === null && awaited;
}

/** Each offer that was made and failed may have used up its whole arrival time. */
function searchPatienceMs(call: CallState): number {
  return AGENT_SEARCH_MS + call.offersMade * AGENT_ARRIVAL_MS;
}
