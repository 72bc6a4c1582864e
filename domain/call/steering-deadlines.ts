import type { CallState } from './state.ts';
import type { LineHold, PendingOrder, Seat } from './supervision.ts';
import { supervisionOf } from './supervision.ts';

/** An order that no agent has followed by then has failed, and says so (STEER-2). */
export const ORDER_MS = 15_000;
/** Whoever took the line and never sat down does not hold it longer than this (STEER-6). */
export const OPERATOR_ARRIVAL_MS = 15_000;
/** Whoever holds the line and left may come back this long: a lost network, a reload (STEER-6). */
export const OPERATOR_RETURN_MS = 6_000;

export type SteeringDeadlineName = 'orderFollowing' | 'operatorArrival' | 'operatorReturn';

/** Words take their time to be said, ms for each character of them: followed is `say` when they were. */
export const SAY_MS = 100;

const dueAtMs = ({ givenAtMs, order }: PendingOrder): number =>
  givenAtMs + ORDER_MS + (order.kind === 'say' ? order.text.length * SAY_MS : 0);

/** The order whose time is up first. */
export const overdueOrder = (call: CallState): PendingOrder | null =>
  supervisionOf(call).pending.reduce<PendingOrder | null>(
    (first, each) => (first === null || dueAtMs(each) < dueAtMs(first) ? each : first),
    null,
  );

export function steeringDeadlines(
  call: CallState,
): readonly { readonly name: SteeringDeadlineName; readonly atMs: number }[] {
  const order = overdueOrder(call);
  const { line, seats } = supervisionOf(call);
  return [
    ...(order === null ? [] : [{ name: 'orderFollowing', atMs: dueAtMs(order) } as const]),
    ...(line === null ? [] : lineDeadlines(line, seats)),
  ];
}

function lineDeadlines(line: LineHold, seats: readonly Seat[]) {
  const seat = seats.find(({ identity }) => identity === line.identity);
  if (seat === undefined) return [];
  // Who left before they took the line has the same time from then.
  if (seat.leftAtMs !== null) {
    const sinceMs = Math.max(seat.leftAtMs, line.sinceMs);
    return [{ name: 'operatorReturn', atMs: sinceMs + OPERATOR_RETURN_MS } as const];
  }
  return seat.takenAtMs === null
    ? [{ name: 'operatorArrival', atMs: line.sinceMs + OPERATOR_ARRIVAL_MS } as const]
    : [];
}
