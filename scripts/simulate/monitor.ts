import type { CallEvent } from '../../domain/call/fact.ts';
import type { MonitorDown } from '../../protocol/monitor.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { ObjectHost } from './object-host.ts';
import type { Weather } from './outside-world.ts';
import type { Chance } from './random.ts';
import type { SimulatedSocket } from './socket.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A dashboard that watches one call through cuts, and complains of any event that is missing, repeated or out of order. */
export class Monitor {
  readonly events: CallEvent[] = [];
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #host: ObjectHost;
  readonly #complain: (what: string) => void;
  #epoch = '';
  #socket: SimulatedSocket | null = null;
  #over = false;

  constructor(
    clock: VirtualClock,
    chance: Chance,
    weather: Weather,
    host: ObjectHost,
    complain: (what: string) => void,
  ) {
    this.#clock = clock;
    this.#chance = chance;
    this.#weather = weather;
    this.#host = host;
    this.#complain = complain;
    clock.after(chance.between(50, 20_000), () => this.#connect());
    this.#cutSometimes();
  }

  /** Looks once more and for the last time. */
  lookAgain(): void {
    this.#over = true;
    this.#socket?.hangUp();
    this.#connect();
  }

  close(): void {
    this.#socket?.hangUp();
  }

  #connect(): void {
    this.#socket = this.#host.connect(
      'monitor',
      { user: 'u', since: String(this.events.length), epoch: this.#epoch, v: String(PROTOCOL_VERSION) },
      {
        heard: (message) => this.#heard(JSON.parse(message) as MonitorDown),
        closed: () => {
          this.#socket = null;
          if (!this.#over) this.#clock.after(this.#chance.between(100, 3_000), () => this.#connect());
        },
      },
    );
  }

  #heard(message: MonitorDown): void {
    if (message.type === 'hello') this.#epoch = message.epoch;
    if (message.type === 'reset') this.#complain('a monitor was reset although its numbers were right');
    if (message.type !== 'events') return;
    for (const event of message.events) {
      if (event.seq !== this.events.length + 1) {
        this.#complain(`a monitor expected event ${this.events.length + 1} and got ${event.seq}`);
      }
      this.events.push(event);
    }
  }

  #cutSometimes(): void {
    if (this.#weather.monitorCutsPerMinute === 0) return;
    this.#clock.after(this.#chance.between(500, Math.round(120_000 / this.#weather.monitorCutsPerMinute)), () => {
      if (this.#over) return;
      this.#socket?.cut();
      this.#cutSometimes();
    });
  }
}
