import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The far end of a simulated socket. */
export interface FarEnd {
  heard(message: string): void;
  /** The close as this end learns of it; `code` 1006 when the line simply went dead. */
  closed(code: number): void;
}

/** One socket between an actor and the object: ordered, delayed, and cut without warning when the adversary says so. */
export class SimulatedSocket {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #far: FarEnd;
  readonly #object: { heard(socket: WebSocket, message: string): void; dropped(socket: WebSocket): void };
  #attachment: unknown = null;
  #toFarAtMs = 0;
  #toObjectAtMs = 0;
  open = true;
  lastPingAtMs: number | null = null;
  tag = '';

  constructor(
    clock: VirtualClock,
    chance: Chance,
    far: FarEnd,
    object: { heard(socket: WebSocket, message: string): void; dropped(socket: WebSocket): void },
  ) {
    this.#clock = clock;
    this.#chance = chance;
    this.#far = far;
    this.#object = object;
  }

  /** What the object's code sees. */
  get asWebSocket(): WebSocket {
    return this as unknown as WebSocket;
  }

  // ── the object's side ──
  send(message: string): void {
    if (!this.open) throw new Error('closed');
    this.#toFarAtMs = Math.max(this.#toFarAtMs, this.#clock.nowMs + this.#chance.delay(5, 400));
    this.#clock.at(this.#toFarAtMs, () => {
      if (this.open) this.#far.heard(message);
    });
  }

  close(code: number): void {
    if (!this.open) return;
    // What was sent before the close still arrives before it.
    this.#toFarAtMs = Math.max(this.#toFarAtMs, this.#clock.nowMs + 5);
    this.#clock.at(this.#toFarAtMs, () => this.#end(code));
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }

  deserializeAttachment(): unknown {
    return this.#attachment;
  }

  // ── the actor's side ──
  say(message: string): void {
    if (!this.open) return;
    this.#toObjectAtMs = Math.max(this.#toObjectAtMs, this.#clock.nowMs + this.#chance.delay(5, 400));
    this.#clock.at(this.#toObjectAtMs, () => {
      if (!this.open) return;
      if (message === 'ping') this.lastPingAtMs = this.#clock.nowMs;
      else this.#object.heard(this.asWebSocket, message);
    });
  }

  hangUp(): void {
    this.#end(1000);
  }

  /** Cut: both ends learn of it at once (a killed process). */
  cut(): void {
    this.#end(1006);
  }

  /** The object's side is gone (a crash, a deploy): nobody is left there to be told. */
  lose(): void {
    if (!this.open) return;
    this.open = false;
    this.#far.closed(1006);
  }

  /** The machine is gone: nothing closes, nothing is heard any more. */
  goSilent(): void {
    this.#far.heard = () => undefined;
    this.#far.closed = () => undefined;
  }

  #end(code: number): void {
    if (!this.open) return;
    this.open = false;
    this.#far.closed(code);
    this.#object.dropped(this.asWebSocket);
  }
}
