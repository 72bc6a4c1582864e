/** A full host to LiveKit: its own `target_load`, and the framework's `load_threshold`. */
export const FULL_LOAD = 0.7;
/** LiveKit assigns an accepted job at once or never; after this long, ms, the seat is free again. */
const ASSIGNMENT_MS = 10_000;

interface Taken {
  readonly callId: string;
  readonly acceptedAtMs: number;
  seenRunning: boolean;
}

/**
 * Which calls hold this host's seats. The framework knows its running jobs; an accepted job that has not started yet
 * holds its seat too, or two offers at once would share the last one.
 */
export class Seats {
  readonly #total: number;
  readonly #taken = new Map<string, Taken>();

  constructor(total: number) {
    this.#total = total;
  }

  /** False when no seat is free. */
  take(jobId: string, callId: string, runningJobIds: readonly string[], nowMs: number): boolean {
    this.#forgetGone(runningJobIds, nowMs);
    if (this.#taken.size >= this.#total) return false;
    this.#taken.set(jobId, { callId, acceptedAtMs: nowMs, seenRunning: false });
    return true;
  }

  callIds(runningJobIds: readonly string[], nowMs: number): readonly string[] {
    this.#forgetGone(runningJobIds, nowMs);
    return [...this.#taken.values()].map((taken) => taken.callId);
  }

  acceptedAtMs(callId: string): number | null {
    for (const taken of this.#taken.values()) if (taken.callId === callId) return taken.acceptedAtMs;
    return null;
  }

  /**
   * What LiveKit is told: `0.7 × calls ÷ seats`, so that "full" is the last seat. Reporting calls ÷ seats would lose
   * the last 30 % of them.
   */
  load(runningJobIds: readonly string[], nowMs: number): number {
    this.#forgetGone(runningJobIds, nowMs);
    return FULL_LOAD * Math.min(1, this.#taken.size / this.#total);
  }

  #forgetGone(runningJobIds: readonly string[], nowMs: number): void {
    for (const [jobId, taken] of this.#taken) {
      if (runningJobIds.includes(jobId)) taken.seenRunning = true;
      else if (taken.seenRunning || nowMs - taken.acceptedAtMs > ASSIGNMENT_MS) this.#taken.delete(jobId);
    }
  }
}
