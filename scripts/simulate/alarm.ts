import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How late the runtime rings at most, and how long it takes to ring again after a failure, ms. */
const LATE_MS = 200;
const AGAIN_MS = 2_000;

/** A Durable Object's one alarm: kept in storage, rung at least once; its handler awaits nothing. */
export class SimulatedAlarm {
  /** What is set; null when none is. */
  atMs: number | null = null;
  #ringing = false;
  #appointment = 0;
  /** When the last handler rang that came to its own end. */
  doneSinceMs = 0;
  rings = 0;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #handler: () => void;

  constructor(clock: VirtualClock, chance: Chance, handler: () => void) {
    this.#clock = clock;
    this.#chance = chance;
    this.#handler = handler;
  }

  set(atMs: number): void {
    this.atMs = atMs;
    this.#arrange(atMs, LATE_MS);
  }

  /** The object was taken away: a handler that failed is rung again. */
  interrupt(): void {
    if (!this.#ringing) return;
    this.#ringing = false;
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
    if (this.atMs === null) return;
    this.atMs = null;
    this.rings++;
    this.#ringing = true;
    this.#handler();
    if (this.#ringing) this.doneSinceMs = this.#clock.nowMs;
    this.#ringing = false;
  }
}
