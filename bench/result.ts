import type { Spread } from './statistics.ts';
import { round } from './statistics.ts';

/** What was promised of a number. */
export type Aim = { readonly atMost: number } | { readonly atLeast: number };

/** A number that stands for itself, or for how many times the peer's it is. */
export interface Figure {
  readonly value: number;
  /** `×` for ratios to a peer measured in the same run. */
  readonly unit: string;
  readonly aim?: Aim;
}

export interface BenchResult {
  readonly bench: string;
  readonly what: string;
  readonly measured: Readonly<Record<string, Spread>>;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly notes: readonly string[];
}

/** Ours divided by the peer's. */
export const ratio = (ours: number, peers: number, aim?: Aim): Figure => figure(ours / peers, '×', aim);

export const figure = (value: number, unit: string, aim?: Aim): Figure => ({
  value,
  unit,
  ...(aim === undefined ? {} : { aim }),
});

export function meets({ value, aim }: Figure): boolean {
  if (aim === undefined) return true;
  return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast;
}

export function printTable(result: BenchResult, print: (line: string) => void): void {
  const width = Math.max(
    ...[...Object.keys(result.measured), ...Object.keys(result.figures)].map((name) => name.length),
  );
  print(`\n${result.bench}: ${result.what}`);
  for (const [name, each] of Object.entries(result.measured)) {
    const count = `n=${each.count}`.padEnd(8);
    print(
      `  ${name.padEnd(width)}  ${count} p50 ${each.p50Ms} ms   p95 ${each.p95Ms} ms   p99 ${each.p99Ms} ms`,
    );
  }
  for (const [name, each] of Object.entries(result.figures)) {
    print(`  ${name.padEnd(width)}  ${round(each.value)} ${each.unit}${verdict(each)}`);
  }
  for (const note of result.notes) print(`  ${note}`);
}

function verdict(figure: Figure): string {
  if (figure.aim === undefined) return '';
  const sign = 'atMost' in figure.aim ? `≤ ${figure.aim.atMost}` : `≥ ${figure.aim.atLeast}`;
  return `   (aim ${sign}: ${meets(figure) ? 'met' : 'MISSED'})`;
}
