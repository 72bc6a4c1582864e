import { AGENT_ARRIVAL_MS } from '../../../domain/call/deadlines.ts';
import { HOST_SILENT_MS } from '../../../domain/fleet/roster.ts';
import type { Disturbance } from '../disturbance.ts';
import type { CallRecord, Evidence, Finding } from '../evidence.ts';
import { customerThere, percentile, seconds } from '../evidence.ts';

/** From the loss to the successor's hello: a job's start on a loaded machine takes 5–15 s. */
const SUCCESSOR_WITHIN_MS = 18_000;
/** Longer by the offer that may go to a host which is dead and not yet known to be (DISPATCH-2, DISPATCH-6). */
const GHOST_OFFER_MS = AGENT_ARRIVAL_MS;
/** A host that died with its agents did so this long before they were missed, at most. */
const LOSS_NOTICED_MS = 13_000;
/** The fleet trusts a heartbeat this long, and a new host needs one to be known. */
const KNOWN_AFTER_MS = 2_000;
/** Hosts register with a media server that is back, and tell the fleet of their seats again. */
const ROOMS_BACK_AFTER_MS = 8_000;

/**
 * DISPATCH-5: whoever lost their agent while a seat was free got another one. A seat was free when some host was up and
 * unharmed all that time: two callers never fill a host of three seats.
 */
export function checkSuccessors(evidence: Evidence): Finding {
  const violations: string[] = [];
  const delays: number[] = [];
  let without = 0;
  let losses = 0;
  for (const call of evidence.calls) {
    for (const [index, seat] of call.state.agents.entries()) {
      if (seat.leftAtMs === null) continue;
      losses++;
      const joinedAtMs = call.state.agents[index + 1]?.joinedAtMs ?? null;
      if (joinedAtMs === null) without++;
      else delays.push(joinedAtMs - seat.leftAtMs);
      const untilMs = seat.leftAtMs + patienceMs(evidence, seat.leftAtMs);
      if (joinedAtMs !== null && joinedAtMs <= untilMs) continue;
      if (!customerThere(call, seat.leftAtMs, untilMs)) continue;
      if (!seatFree(evidence, seat.leftAtMs, untilMs)) continue;
      violations.push(
        `${call.callId} waited ${seconds(untilMs - seat.leftAtMs)} for a successor beside a free seat`,
      );
    }
    if (gaveUpWrongly(call, evidence))
      violations.push(
        someoneWaited(call)
          ? `${call.callId} found no agent beside a free seat`
          : `${call.callId} ended as noAgent while no customer was there and nobody searched`,
      );
  }
  return {
    rule: 'whoever lost an agent beside a free seat got another',
    checked: losses,
    violations,
    note: `${delays.length} successors, p50 ${seconds(percentile(delays, 50))}, most ${seconds(percentile(delays, 100))} after the loss; ${without} calls ended first`,
  };
}

function patienceMs({ lives }: Evidence, lostAtMs: number): number {
  const ghosts = lives.some(
    ({ goneAtMs }) =>
      goneAtMs !== null &&
      goneAtMs > lostAtMs - HOST_SILENT_MS - LOSS_NOTICED_MS &&
      goneAtMs < lostAtMs + SUCCESSOR_WITHIN_MS,
  );
  return SUCCESSOR_WITHIN_MS + (ghosts ? GHOST_OFFER_MS : 0);
}

/** A call that ends for want of an agent although a host stood ready all the time it searched. */
function gaveUpWrongly({ ledger, state }: CallRecord, evidence: Evidence): boolean {
  if (state.end?.outcome !== 'noAgent') return false;
  const lastLeft = state.agents.at(-1)?.leftAtMs ?? state.requestedAtMs;
  const searched = ledger.filter((event) => event.atMs >= lastLeft && event.type === 'agentOffered');
  return searched.length === 0 && seatFree(evidence, lastLeft, state.end.atMs);
}

/** Before the first agent everyone is searched for; after the loss of one, only a customer who is there needs another. */
function someoneWaited(call: CallRecord): boolean {
  const endedAtMs = call.state.end?.atMs ?? 0;
  return call.state.agents.length === 0 || customerThere(call, endedAtMs - 1, endedAtMs - 1);
}

function seatFree({ lives, disturbances }: Evidence, fromMs: number, untilMs: number): boolean {
  // Restarts of the Worker and trouble on the link only take some of the time that is given.
  const noRooms = (each: Disturbance): boolean =>
    each.kind === 'mediaServerCrashed' && each.atMs < untilMs && each.untilMs + ROOMS_BACK_AFTER_MS > fromMs;
  if (disturbances.some(noRooms)) return false;
  return lives.some(
    (life) =>
      life.readyAtMs + KNOWN_AFTER_MS <= fromMs && (life.goneAtMs ?? Number.POSITIVE_INFINITY) >= untilMs,
  );
}
