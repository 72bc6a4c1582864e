import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How late the runtime rings at most, and how long it takes to ring again after a failure, ms. */
const LATE_MS = 200;
const AGAIN_MS = 2_000;

/**
 * A Durable Object's one alarm: kept in storage, rung at least once, never while its handler still runs. An alarm set
 * during its own handler waits for the handler's end.
 */
export class SimulatedAlarm {
  /** What is set; null when none is. */
  atMs: number | null = null;
  /** Set while the handler runs. */
  #ringing: object | null = null;
  #appointment = 0;
  /** When the last handler that came to its own end had begun. */
  doneSinceMs = 0;
  rings = 0;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #handler: () => Promise<void>;

  constructor(clock: VirtualClock, chance: Chance, handler: () => Promise<void>) {
    this.#clock = clock;
    this.#chance = chance;
    this.#handler = handler;
  }

  get ringing(): boolean {
    return this.#ringing !== null;
  }

  set(atMs: number): void {
    this.atMs = atMs;
    this.#arrange(atMs, LATE_MS);
  }

  /** The object was taken away: a handler under way is rung again. */
  interrupt(): void {
    if (this.#ringing === null) return;
    this.#ringing = null;
    this.atMs = Math.min(this.atMs ?? Number.POSITIVE_INFINITY, this.#clock.nowMs);
    this.#arrange(this.atMs, AGAIN_MS);
  }

  #arrange(atMs: number, lateMs: number): void {
    const appointment = ++this.#appointment;
    this.#clock.at(atMs + this.#chance.delay(0, lateMs), () => {
      if (appointment === this.#appointment) this.#ring();
    });
  }

  #ring(): void {
    if (this.#ringing !== null || this.atMs === null) return;
    this.atMs = null;
    this.rings++;
    const beganMs = this.#clock.nowMs;
    const ringing = (this.#ringing = {});
    void this.#handler().then(() => {
      if (this.#ringing !== ringing) return;
      this.#ringing = null;
      this.doneSinceMs = beganMs;
      if (this.atMs !== null) this.#arrange(this.atMs, LATE_MS);
    });
  }
}
