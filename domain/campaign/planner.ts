import type { Judgement } from '../dial/judge.ts';
import { paceAllowsAtMs, paceOf } from './pace.ts';

/** Something that limits dialling: the campaign, all campaigns together, or the carrier. */
export interface Lane {
  readonly concurrency: number;
  readonly callsPerSecond: number;
  /** Dials that have not ended. */
  readonly live: number;
  /** When dials began within the pace's stretch, in any order. */
  readonly startedAtMs: readonly number[];
}

export interface Circumstances {
  /** First the campaign's own, then those it shares: workspace, carrier. */
  readonly lanes: readonly Lane[];
  /** The carrier is there and switched on. */
  readonly carrierReady: boolean;
  /** Seats of agents that nobody has taken or been promised. */
  readonly freeSeats: number;
  readonly nowMs: number;
}

export type WaitsFor = 'hours' | 'retries' | 'seats' | 'slots' | 'pace' | 'carrier';

/** How many may be dialled this moment; with none, why, and when it is worth looking again. */
export interface Room {
  readonly calls: number;
  readonly waitsFor: WaitsFor | null;
  readonly againAtMs: number | null;
}

/** What others take and free is not told to every campaign: those that wait for it look this often, ms. */
export const LOOK_AGAIN_MS = 2_000;
/** A slot of its own that is freed wakes it: this is for news that was lost, ms. */
const OWN_AGAIN_MS = 30_000;
/** Nobody switches a carrier on by the second, ms. */
const CARRIER_AGAIN_MS = 30_000;

/** Nobody is dialled for whom no agent has a seat (DIAL-2, CAMP-2). */
export function roomFor({ lanes, carrierReady, freeSeats, nowMs }: Circumstances): Room {
  const none = (waitsFor: WaitsFor, againAtMs: number): Room => ({ calls: 0, waitsFor, againAtMs });
  if (!carrierReady) return none('carrier', nowMs + CARRIER_AGAIN_MS);
  const [own = 0, ...others] = lanes.map((lane) => lane.concurrency - lane.live);
  const slots = Math.min(own, ...others);
  if (slots <= 0) return none('slots', nowMs + (own <= 0 ? OWN_AGAIN_MS : LOOK_AGAIN_MS));
  if (freeSeats <= 0) return none('seats', nowMs + LOOK_AGAIN_MS);
  const paced = lanes.map((lane) => inPace(lane, nowMs));
  const calls = Math.min(slots, freeSeats, ...paced.map((each) => each.calls));
  if (calls > 0) return { calls, waitsFor: null, againAtMs: null };
  return none('pace', Math.max(...paced.map((each) => each.againAtMs)));
}

function inPace(lane: Lane, nowMs: number): { readonly calls: number; readonly againAtMs: number } {
  const pace = paceOf(lane.callsPerSecond);
  const recent = lane.startedAtMs.filter((atMs) => atMs > nowMs - pace.withinMs).length;
  return { calls: pace.calls - recent, againAtMs: paceAllowsAtMs(pace, lane.startedAtMs) };
}

export interface Plan<Lead> {
  readonly dial: readonly { readonly lead: Lead; readonly judgement: Judgement }[];
  /** Put off, or at their end where nothing can ever allow them: `judgement.nextOpenAtMs` says. */
  readonly refuse: readonly { readonly lead: Lead; readonly judgement: Judgement }[];
  /** Not looked at: there was no room. */
  readonly left: readonly Lead[];
}

/** Who is dialled: of those due, in their order, as many as there is room for. No more are judged than need be. */
export function plan<Lead>(room: number, due: readonly Lead[], judge: (lead: Lead) => Judgement): Plan<Lead> {
  const dial: { lead: Lead; judgement: Judgement }[] = [];
  const refuse: { lead: Lead; judgement: Judgement }[] = [];
  let looked = 0;
  for (const lead of due) {
    if (dial.length >= room) break;
    looked += 1;
    const judgement = judge(lead);
    (judgement.verdict === 'allowed' ? dial : refuse).push({ lead, judgement });
  }
  return { dial, refuse, left: due.slice(looked) };
}
