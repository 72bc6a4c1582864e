import type { CallInput } from '../../domain/call/input.ts';
import type { Taken } from '../../durable-objects/live-call.ts';
import { LiveCall } from '../../durable-objects/live-call.ts';
import type { Outside, Surroundings } from '../../durable-objects/surroundings.ts';
import type { Chance } from './random.ts';
import type { FarEnd } from './socket.ts';
import { SimulatedSocket } from './socket.ts';
import { SimulatedStorage } from './storage.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The runtime around one call: gives it storage, an alarm and sockets, and takes its memory away without asking. */
export class ObjectHost {
  readonly storage = new SimulatedStorage();
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #outside: Outside;
  #sockets: SimulatedSocket[] = [];
  #live: LiveCall | null = null;
  #life = 0;
  #alarmAtMs: number | null = null;
  /** Set while an alarm handler is under way. */
  #interrupted: (() => void) | null = null;
  /** Inputs and messages whose transaction failed: the sender gets no answer and must come again. */
  failures = 0;

  constructor(clock: VirtualClock, chance: Chance, outside: Outside) {
    this.#clock = clock;
    this.#chance = chance;
    this.#outside = outside;
  }

  /** The object, woken if need be. */
  get live(): LiveCall {
    this.#live ??= new LiveCall(this.#surroundings(++this.#life), this.#outsideOfLife(this.#life));
    return this.#live;
  }

  /** An input by the Worker; null when the object failed to answer. */
  take(input: CallInput): Taken | null {
    return this.#guarded(() => this.live.take(input));
  }

  connect(tag: 'agent' | 'monitor', query: Record<string, string>, far: FarEnd): SimulatedSocket {
    const socket = new SimulatedSocket(this.#clock, this.#chance, far, {
      heard: (from, message) => void this.#guarded(() => this.live.heard(from, message)),
      dropped: (from) => {
        this.#sockets = this.#sockets.filter((each) => each.asWebSocket !== from);
        this.#guarded(() => this.live.dropped(from));
      },
    });
    const asked = new URLSearchParams(query);
    this.#guarded(() => {
      if (tag === 'agent') this.live.admitAgent(socket.asWebSocket, asked);
      else this.live.admitMonitor(socket.asWebSocket, asked);
    });
    return socket;
  }

  /** Memory goes, sockets and storage stay: hibernation. */
  evict(): void {
    this.#live = null;
    this.#life++;
    const interrupted = this.#interrupted;
    this.#interrupted = null;
    interrupted?.();
  }

  /** A crash or a deploy: memory and every socket go; close events never come. */
  abort(): void {
    this.evict();
    const sockets = this.#sockets;
    this.#sockets = [];
    for (const socket of sockets) socket.lose();
  }

  close(): void {
    this.storage.close();
  }

  #guarded<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      // The runtime resets an object whose storage failed; anything else is a bug of ours.
      if (!(error instanceof Error) || error.message !== 'storage failed') throw error;
      this.failures++;
      this.abort();
      return null;
    }
  }

  #surroundings(life: number): Surroundings {
    const clock = this.#clock;
    const alive = (): boolean => life === this.#life;
    return {
      sql: this.storage.sql,
      kv: this.storage.kv,
      transaction: (work) => this.storage.transaction(work),
      nowMs: () => clock.nowMs,
      setAlarm: (atMs) => this.#setAlarm(atMs),
      background: (work) => void work,
      later: (delayMs, work) => clock.after(delayMs, () => alive() && work()),
      sockets: (tag) => this.#sockets.filter((each) => each.tag === tag).map((each) => each.asWebSocket),
      accept: (socket, tag) => {
        const simulated = socket as unknown as SimulatedSocket;
        simulated.tag = tag;
        this.#sockets.push(simulated);
      },
      lastPingAtMs: (socket) => (socket as unknown as SimulatedSocket).lastPingAtMs,
    };
  }

  /** What an evicted life still waits for never comes back to it. */
  #outsideOfLife(life: number): Outside {
    const mortal = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (from, key) => {
          const value: unknown = Reflect.get(from, key);
          if (typeof value === 'object' && value !== null) return mortal(value);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (life !== this.#life) return new Promise(() => undefined);
            return (value.apply(from, args) as Promise<unknown>).then(
              (result) => (life === this.#life ? result : new Promise(() => undefined)),
              (error: unknown) => (life === this.#life ? Promise.reject(error) : new Promise(() => undefined)),
            );
          };
        },
      });
    return mortal(this.#outside);
  }

  #setAlarm(atMs: number): void {
    this.#alarmAtMs = atMs;
    this.#clock.at(atMs + this.#chance.delay(0, 200), () => {
      if (this.#alarmAtMs !== atMs) return;
      this.#alarmAtMs = null;
      // At least once: an alarm that failed, or whose object was taken away meanwhile, is rung again.
      const ring = (): void => {
        const live = this.#guarded(() => this.live);
        const life = this.#life;
        this.#interrupted = () => this.#clock.after(this.#chance.between(50, 2_000), ring);
        const again = this.#interrupted;
        void live?.alarm().then(
          () => {
            if (this.#interrupted === again) this.#interrupted = null;
          },
          (error: unknown) => {
            if (!(error instanceof Error) || error.message !== 'storage failed') throw error;
            if (life === this.#life) this.abort();
          },
        );
      };
      ring();
    });
  }
}
