import type { Chance } from './random.ts';
import type { OutsideWorld } from './outside-world.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Webhooks } from './webhooks.ts';
import { CALL_ID } from './stage.ts';

const IDENTITY = `customer-${CALL_ID}`;

/** Comes late, early or never; leaves when it likes; sometimes comes back. */
export class Customer {
  /** Its connection to the room; null while it is not there. */
  connection: string | null = null;
  /** Since when it is away for now; null while it is there or has never been. */
  awaySinceMs: number | null = null;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #world: OutsideWorld;
  readonly #webhooks: Webhooks;
  readonly #tell: (what: string) => void;
  readonly #flickersPerMinute: number;
  #connections = 0;
  /** Stays longer than any call may, and nobody says goodbye: the only way to the time limit (DEADLINE-3). */
  readonly stays: boolean;

  constructor(
    clock: VirtualClock,
    chance: Chance,
    world: OutsideWorld,
    webhooks: Webhooks,
    tell: (what: string) => void,
    flickersPerMinute: number,
    dialled: boolean,
  ) {
    this.#clock = clock;
    this.#chance = chance;
    this.#world = world;
    this.#webhooks = webhooks;
    this.#tell = tell;
    this.#flickersPerMinute = flickersPerMinute;
    this.stays = chance.happens(0.004);
    // Who is to be rung comes when they pick up.
    if (dialled) return;
    if (this.stays || !chance.happens(0.08)) clock.after(chance.delay(50, 70_000), () => this.#enter());
  }

  get present(): boolean {
    return this.connection !== null;
  }

  /** Lifts the receiver. */
  pickUp(): void {
    this.#clock.after(this.#chance.delay(50, 2_000), () => {
      if (this.connection === null) this.#enter();
    });
  }

  /** The room was closed under it. */
  putOut(): void {
    if (this.connection === null) return;
    this.connection = null;
    this.awaySinceMs = this.#clock.nowMs;
  }

  #enter(): void {
    if (this.#world.room.closedAtMs !== null) return;
    const connection = `PA_${++this.#connections}`;
    this.connection = connection;
    this.awaySinceMs = null;
    this.#world.room.exists = true;
    this.#world.room.present.set(IDENTITY, connection);
    this.#tell(`customer in as ${connection}`);
    this.#webhooks.send({ type: 'customerSeen', participant: { identity: IDENTITY, connection } });
    this.#clock.after(this.#staysMs(), () => this.#leave(connection, this.#chance.happens(0.25)));
    if (this.#flickersPerMinute === 0) return;
    const flickersMs = this.#chance.between(500, Math.round(120_000 / this.#flickersPerMinute));
    this.#clock.after(flickersMs, () => this.#leave(connection, true));
  }

  #staysMs(): number {
    if (this.stays) return 2_000_000;
    return this.#chance.happens(0.5)
      ? this.#chance.between(10_000, 150_000)
      : this.#chance.delay(500, 240_000);
  }

  #leave(connection: string, comesBack: boolean): void {
    if (this.connection !== connection) return;
    this.connection = null;
    this.awaySinceMs = this.#clock.nowMs;
    this.#world.room.present.delete(IDENTITY);
    this.#tell('customer out');
    this.#webhooks.send({ type: 'customerGone', participant: { identity: IDENTITY, connection } });
    if (comesBack) this.#clock.after(this.#chance.delay(200, 6_000), () => this.#enter());
  }
}
