/** Samples a second of everything recorded. */
export const RATE_HZ = 24_000;
export const samplesOf = (ms: number): number => Math.round((ms * RATE_HZ) / 1_000);

/** A source that was silent this long begins anew: nothing that was held up would still find its place. */
const GAP = samplesOf(400);
/** A source may be this far from where its frames arrive, before it is set right. */
const TOLERANCE = samplesOf(40);
/** Frames are late together when this process was busy, never early: the least late of so many samples tells the truth. */
const WINDOW = samplesOf(1_000);

/**
 * One source's place on the recording's timeline. Its frames stand one behind the other, as they were spoken, and not where
 * they arrive: they arrive in bursts. What was lost, or a clock that runs differently, shows as a lateness that stays, and
 * is set right, so that the distance to real time stays bounded however long the call is.
 */
export class Lane {
  #next: number | null = null;
  #leastLate = Number.POSITIVE_INFINITY;
  #watched = 0;
  #toDrop = 0;

  /**
   * @param length samples of the frame
   * @param arrived the sample of the timeline at which it was complete here
   * @returns where it begins, or null when it is left out because its source is ahead of time
   */
  place(length: number, arrived: number): number | null {
    if (this.#next === null || arrived - length - this.#next > GAP) this.#begin(arrived - length);
    if (this.#toDrop >= length) {
      this.#toDrop -= length;
      return null;
    }
    const at = this.#next ?? 0;
    this.#next = at + length;
    this.#watch(arrived - this.#next, length);
    return at;
  }

  #begin(at: number): void {
    this.#next = Math.max(at, 0);
    this.#leastLate = Number.POSITIVE_INFINITY;
    this.#watched = 0;
    this.#toDrop = 0;
  }

  #watch(late: number, length: number): void {
    this.#leastLate = Math.min(this.#leastLate, late);
    this.#watched += length;
    if (this.#watched < WINDOW) return;
    if (this.#leastLate > TOLERANCE) this.#next = (this.#next ?? 0) + this.#leastLate;
    if (this.#leastLate < -TOLERANCE) this.#toDrop = -this.#leastLate;
    this.#leastLate = Number.POSITIVE_INFINITY;
    this.#watched = 0;
  }
}
