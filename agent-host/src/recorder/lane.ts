/** Samples a second of everything recorded. */
export const RATE_HZ = 24_000;
export const samplesOf = (ms: number): number => Math.round((ms * RATE_HZ) / 1_000);

/**
 * A source of which nothing came this long begins anew. The library gives frames all the time, also of silence: less than
 * this is a process that was busy, and all of it comes at once.
 */
const GAP = samplesOf(1_500);
/** A source may be this far from where its frames arrive, before it is set right. */
const TOLERANCE = samplesOf(40);
/** Frames are late together when this process was busy, never early: the least late of a second tells the truth. */
const WINDOW = samplesOf(1_000);

/**
 * One source's place on the recording's timeline. Its frames stand one behind the other, as they were spoken, and not where
 * they arrive: they arrive in bursts. What was lost, or a clock that runs differently, shows as a lateness that stays, and
 * is set right, so that the distance to real time stays bounded however long the call is.
 */
export class Lane {
  #next: number | null = null;
  #leastLate = Number.POSITIVE_INFINITY;
  #watchedSince = 0;
  #toDrop = 0;

  /**
   * @param length samples of the frame
   * @param arrived the sample of the timeline at which it was complete here
   * @returns where it begins, or null when it is left out because its source is ahead of time
   */
  place(length: number, arrived: number): number | null {
    if (this.#next === null || arrived - length - this.#next > GAP) this.#begin(arrived - length, arrived);
    if (this.#toDrop >= length) {
      this.#toDrop -= length;
      return null;
    }
    const at = this.#next ?? 0;
    this.#next = at + length;
    this.#leastLate = Math.min(this.#leastLate, arrived - this.#next);
    // By when it arrived: a burst lies within one window, and its last frame is on time.
    if (arrived - this.#watchedSince >= WINDOW) this.#setRight(arrived);
    return at;
  }

  #begin(at: number, arrived: number): void {
    this.#next = Math.max(at, 0);
    this.#toDrop = 0;
    this.#watch(arrived);
  }

  #setRight(arrived: number): void {
    if (this.#leastLate > TOLERANCE) this.#next = (this.#next ?? 0) + this.#leastLate;
    if (this.#leastLate < -TOLERANCE) this.#toDrop = -this.#leastLate;
    this.#watch(arrived);
  }

  #watch(arrived: number): void {
    this.#leastLate = Number.POSITIVE_INFINITY;
    this.#watchedSince = arrived;
  }
}
