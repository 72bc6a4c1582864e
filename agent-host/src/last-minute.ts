import type { Heartbeat } from '../../protocol/fleet.ts';

const MINUTE_MS = 60_000;

interface At<T> {
  readonly atMs: number;
  readonly value: T;
}

/** How the last minute's calls went: the roster leaves out a host that is up but bad (notes/dispatch.md). */
export class LastMinute {
  #ended: At<{ failed: boolean }>[] = [];
  #firstSounds: At<number>[] = [];

  callEnded(failed: boolean, nowMs: number): void {
    this.#ended.push({ atMs: nowMs, value: { failed } });
  }

  /** From the moment agent and customer could both be there to the agent's first sound. */
  firstSound(afterMs: number, nowMs: number): void {
    this.#firstSounds.push({ atMs: nowMs, value: afterMs });
  }

  summary(nowMs: number): Pick<Heartbeat, 'callsFailed' | 'callsServed' | 'firstAudioP95Ms'> {
    const recent = <T>(entries: At<T>[]): At<T>[] => entries.filter(({ atMs }) => nowMs - atMs <= MINUTE_MS);
    this.#ended = recent(this.#ended);
    this.#firstSounds = recent(this.#firstSounds);
    return {
      callsServed: this.#ended.length,
      callsFailed: this.#ended.filter(({ value }) => value.failed).length,
      firstAudioP95Ms: p95(this.#firstSounds.map(({ value }) => value)),
    };
  }
}

function p95(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}
