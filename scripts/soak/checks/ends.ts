import type { CallRecord, Evidence, Finding } from '../evidence.ts';
import { percentile, seconds } from '../evidence.ts';

/** From the last sign of life to the end; the longest deadline without one is a customer's arrival, 60 s. */
const END_WITHIN_MS = 60_000;
/** For alarms that ring late on a machine whose cores are taken. */
const SLACK_MS = 5_000;

/** LEDGER-3: every call that was requested has ended, once, soon after its last sign of life. */
export function checkEnds({ calls }: Evidence): Finding {
  const violations: string[] = [];
  const delays: number[] = [];
  const outcomes = new Map<string, number>();
  for (const call of calls) {
    const ends = call.ledger.filter((event) => event.type === 'callEnded');
    const { end } = call.state;
    if (end === null || ends.length !== 1) {
      violations.push(`${call.callId} has ended ${ends.length} times (${call.state.phase})`);
      continue;
    }
    outcomes.set(end.outcome, (outcomes.get(end.outcome) ?? 0) + 1);
    const delayMs = end.atMs - lastSignOfLifeMs(call, end.atMs);
    delays.push(delayMs);
    if (delayMs > END_WITHIN_MS + SLACK_MS)
      violations.push(
        `${call.callId} ended (${end.outcome}) ${seconds(delayMs)} after its last sign of life`,
      );
  }
  const counted = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  return {
    rule: 'every call ended, once, ≤ 60 s after its last sign of life',
    checked: calls.length,
    violations,
    note: `${counted}; p50 ${seconds(percentile(delays, 50))}, most ${seconds(percentile(delays, 100))}`,
  };
}

/** The last event before the end, and the caller itself, who is there without a word in the ledger. */
function lastSignOfLifeMs({ ledger, placed }: CallRecord, endedAtMs: number): number {
  const events = ledger.filter((event) => event.type !== 'callEnded' && event.atMs <= endedAtMs);
  const joined = placed !== null && placed.report !== null;
  const caller = joined ? (placed.overAtMs ?? 0) : 0;
  return Math.max(events.at(-1)?.atMs ?? 0, Math.min(caller, endedAtMs));
}
