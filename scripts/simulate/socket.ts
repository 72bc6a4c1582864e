import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The far end of a simulated socket. */
export interface FarEnd {
  heard(message: string): void;
  /** The close as this end learns of it; `code` 1006 when the line simply went dead. */
  closed(code: number): void;
}

/** The object's end, as the runtime calls it. */
export interface NearEnd {
  heard(socket: WebSocket, message: string): void;
  dropped(socket: WebSocket): void;
}

/** When a machine has vanished, the runtime's own time-out ends the connection long after everybody gave it up. */
const DEAD_PEER_MS = 30_000;

/**
 * One socket between an actor and the object: ordered, delayed, and cut without warning when the adversary says so.
 * Its two ends learn of a loss each in their own time.
 */
export class SimulatedSocket {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  #far: FarEnd | null;
  #near: NearEnd | null;
  #attachment: unknown = null;
  #toFarAtMs = 0;
  #toObjectAtMs = 0;
  #vanished = false;
  lastPingAtMs: number | null = null;
  tag = '';

  constructor(clock: VirtualClock, chance: Chance, far: FarEnd, near: NearEnd) {
    this.#clock = clock;
    this.#chance = chance;
    this.#far = far;
    this.#near = near;
  }

  /** What the object's code sees. */
  get asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  // ── the object's side ──
  send(message: string): void {
    if (this.#near === null) throw new Error('closed');
    this.#toFarAtMs = Math.max(this.#toFarAtMs, this.#clock.nowMs + this.#chance.delay(5, 400));
    this.#clock.at(this.#toFarAtMs, () => this.#far?.heard(message));
  }

  close(code: number): void {
    if (this.#near === null) return;
    // What was sent before the close still arrives before it; the object hears of it when the far end has answered.
    this.#toFarAtMs = Math.max(this.#toFarAtMs, this.#clock.nowMs + 5);
    this.#clock.at(this.#toFarAtMs, () => this.#endFar(code));
    this.#clock.after(this.#vanished ? DEAD_PEER_MS : this.#toFarAtMs - this.#clock.nowMs + 5, () =>
      this.#endNear(),
    );
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = JSON.parse(JSON.stringify(value));
  }

  deserializeAttachment(): unknown {
    return this.#attachment;
  }

  // ── the actor's side ──
  get open(): boolean {
    return this.#far !== null;
  }

  say(message: string): void {
    if (this.#far === null) return;
    this.#toObjectAtMs = Math.max(this.#toObjectAtMs, this.#clock.nowMs + this.#chance.delay(5, 400));
    this.#clock.at(this.#toObjectAtMs, () => {
      if (this.#near === null) return;
      if (message === 'ping') this.lastPingAtMs = this.#clock.nowMs;
      else this.#near.heard(this.asWebSocket, message);
    });
  }

  hangUp(): void {
    this.#endFar(1000);
    this.#clock.at(this.#toObjectAtMs, () => this.#endNear());
  }

  /** Cut: the actor learns of it now, the object `lateMs` later; what is on its way arrives, or is lost with the line. */
  cut(lateMs = 0): void {
    this.#endFar(1006);
    if (lateMs === 0 && this.#chance.happens(0.5)) this.#endNear();
    else this.#clock.at(Math.max(this.#toObjectAtMs, this.#clock.nowMs + lateMs), () => this.#endNear());
  }

  /** The object's side is gone (a crash, a deploy): nobody is left there to be told. */
  lose(): void {
    if (this.#near === null) return;
    this.#near = null;
    // The failed turn's own answers were held back and are lost with it; the line may have carried older ones.
    this.#endFar(1006);
  }

  /** The machine is gone: nothing closes, nothing is heard any more. */
  goSilent(): void {
    this.#vanished = true;
    this.#far = null;
  }

  #endFar(code: number): void {
    const far = this.#far;
    this.#far = null;
    far?.closed(code);
  }

  #endNear(): void {
    const near = this.#near;
    this.#near = null;
    near?.dropped(this.asWebSocket);
  }
}
