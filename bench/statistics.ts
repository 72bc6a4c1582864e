/** Milliseconds at the percentiles people quote. */
export interface Spread {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** The value that `share` (0–1) of the samples do not exceed: the nearest rank, never an interpolation. NaN of nothing. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.ceil(sorted.length * share);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}

/** The middle sample; of an even count the mean of the two in the middle. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? ((sorted[half - 1] ?? Number.NaN) + upper) / 2 : upper;
}

export function spread(samplesMs: readonly number[]): Spread {
  const at = (share: number): number => round(percentile(samplesMs, share));
  return { count: samplesMs.length, p50Ms: round(median(samplesMs)), p95Ms: at(0.95), p99Ms: at(0.99) };
}

/** To two digits behind the point, as printed. */
export const round = (value: number): number => Math.round(value * 100) / 100;
