/** Milliseconds at the percentiles people quote. */
export interface Spread {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export interface BenchResult {
  readonly bench: string;
  readonly what: string;
  readonly measured: Readonly<Record<string, Spread>>;
  /** Ours divided by the peer's, as medians over interleaved rounds. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

export function spread(samplesMs: readonly number[]): Spread {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const round = (value: number): number => Math.round(value * 100) / 100;

export function printTable(result: BenchResult): void {
  console.log(`\n${result.bench}: ${result.what}`);
  for (const [name, each] of Object.entries(result.measured)) {
    console.log(
      `  ${name.padEnd(34)} n=${String(each.count).padEnd(6)} p50 ${each.p50Ms} ms   p95 ${each.p95Ms} ms   p99 ${each.p99Ms} ms`,
    );
  }
  for (const [name, ratio] of Object.entries(result.ratios)) console.log(`  ${name.padEnd(34)} ${round(ratio)} ×`);
  for (const note of result.notes) console.log(`  ${note}`);
}
