import type { Disturbance } from '../disturbance.ts';
import { deadly } from '../disturbance.ts';
import type { CallRecord, Evidence, Finding } from '../evidence.ts';
import { agentAt, percentile, seconds } from '../evidence.ts';

/** A killed process closes its socket: it may come back for 4 s, and is noticed within 5 s (DISPATCH-5), and 1 s of slack. */
const KILLED_WITHIN_MS = 6_000;
/** A frozen machine closes nothing: 5 s of silence, then 4 s to come back, and 2 s of slack. */
const FROZEN_WITHIN_MS = 11_000;

/** DISPATCH-5: who lost their agent in mid-call were noticed to have, in time. */
export function checkNoticed({ calls, disturbances }: Evidence): Finding[] {
  const killed = disturbances.filter((each) => each.kind === 'jobKilled' || each.kind === 'hostKilled');
  const frozen = disturbances.filter((each) => each.kind === 'machineGone');
  return [
    noticed('agents whose process was killed were missed within 5 s', calls, killed, KILLED_WITHIN_MS),
    noticed('agents whose machine froze were missed within 11 s', calls, frozen, FROZEN_WITHIN_MS),
  ];
}

function noticed(
  rule: string,
  calls: readonly CallRecord[],
  kills: readonly Disturbance[],
  withinMs: number,
): Finding {
  const violations: string[] = [];
  const delays: number[] = [];
  for (const kill of kills) {
    for (const call of calls) {
      const seat = agentAt(call, kill.atMs);
      if (seat === null || seat.hostId !== kill.hostId) continue;
      if (kill.kind === 'jobKilled' && kill.callId !== call.callId) continue;
      const endedAtMs = call.state.end?.atMs ?? Number.POSITIVE_INFINITY;
      // The call was over before it had to be noticed.
      if (seat.leftAtMs === null && endedAtMs <= kill.atMs + withinMs) continue;
      const delayMs = (seat.leftAtMs ?? Number.POSITIVE_INFINITY) - kill.atMs;
      if (delayMs > withinMs)
        violations.push(`${call.callId} missed its agent ${seconds(delayMs)} after ${kill.kind}`);
      if (Number.isFinite(delayMs)) delays.push(delayMs);
    }
  }
  return {
    rule,
    checked: delays.length,
    violations,
    note: `p50 ${seconds(percentile(delays, 50))}, most ${seconds(percentile(delays, 100))}`,
  };
}

/** DISPATCH-3, by the ledger: nobody comes while another one is there. */
export function checkOneAgent({ calls }: Evidence): Finding {
  const violations: string[] = [];
  let joins = 0;
  for (const { callId, ledger } of calls) {
    let present = 0;
    for (const event of ledger) {
      if (event.type === 'agentJoined') {
        joins++;
        if (++present > 1) violations.push(`${callId} let in a second agent at event ${event.seq}`);
      }
      if (event.type === 'agentLeft') present--;
    }
  }
  return { rule: 'never two agents in one ledger', checked: joins, violations, note: '' };
}

/** Agents that left for no reason of ours: worth reading about, and no rule against it. */
export function unexplainedLosses({ calls, disturbances }: Evidence): string[] {
  const found: string[] = [];
  for (const { callId, ledger } of calls) {
    for (const event of ledger) {
      if (event.type !== 'agentLeft') continue;
      const since = (each: Disturbance): number => event.atMs - each.untilMs;
      const cause = disturbances.some(
        (each) => event.atMs >= each.atMs && since(each) < (deadly.has(each.kind) ? 13_000 : 30_000),
      );
      if (!cause) found.push(`${callId} lost an agent (${event.reason}) without anything having been done`);
    }
  }
  return found;
}
