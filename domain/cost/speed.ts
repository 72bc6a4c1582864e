/** How fast an agent answered, ms; null where nothing was measured. */
export interface Speed {
  readonly turns: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** By the nearest rank: a value that was measured, not one between two. */
export function speedOf(turnMs: readonly number[]): Speed {
  const sorted = turnMs.toSorted((one, other) => one - other);
  const rank = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { turns: sorted.length, p50Ms: rank(0.5), p95Ms: rank(0.95), p99Ms: rank(0.99) };
}
