/** So many calls in any stretch of so long, ms. */
export interface Pace {
  readonly calls: number;
  readonly withinMs: number;
}

/**
 * Calls per second as what can be counted: whole calls in a rolling stretch. 5 a second is 5 in 1,000 ms, 0.1 is 1 in
 * 10,000 ms, 1.5 is 2 in 1,333 ms. `database/dial-conditions.ts` reckons the same in SQL.
 */
export function paceOf(callsPerSecond: number): Pace {
  const calls = Math.ceil(callsPerSecond);
  return { calls, withinMs: (1_000 * calls) / callsPerSecond };
}

/** When the next call keeps the pace; now or before: at once. `startedAtMs` in any order. */
export function paceAllowsAtMs(pace: Pace, startedAtMs: readonly number[]): number {
  if (startedAtMs.length < pace.calls) return 0;
  const newestFirst = startedAtMs.toSorted((a, b) => b - a);
  // A call exactly so long ago has left the stretch.
  return Math.ceil((newestFirst[pace.calls - 1] as number) + pace.withinMs);
}
