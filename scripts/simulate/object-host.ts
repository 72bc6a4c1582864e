import type { CallInput } from '../../domain/call/input.ts';
import type { ObservationBatch, Taken } from '../../durable-objects/live-call.ts';
import { LiveCall } from '../../durable-objects/live-call.ts';
import type { Surroundings } from '../../durable-objects/surroundings.ts';
import type { Life, OutsideWorld } from './outside-world.ts';
import type { Chance } from './random.ts';
import type { FarEnd } from './socket.ts';
import type { Complain } from './stage.ts';
import { SimulatedAlarm } from './alarm.ts';
import { SimulatedSocket } from './socket.ts';
import { SimulatedStorage, StorageFailed } from './storage.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How long the disk takes at most, ms. */
const SLOWEST_WRITE_MS = 80;

/** The runtime around one call: gives it storage, an alarm and sockets, and takes its memory away without asking. */
export class ObjectHost {
  readonly storage = new SimulatedStorage();
  readonly alarm: SimulatedAlarm;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #world: OutsideWorld;
  readonly #complain: Complain;
  readonly #tell: (what: string) => void;
  #sockets: SimulatedSocket[] = [];
  #live: LiveCall | null = null;
  #life: { readonly number: number; over: boolean } = { number: 0, over: true };
  /** Inputs and messages whose transaction failed: the sender gets no answer and must come again. */
  failures = 0;
  /** Writes under way. */
  #writes = 0;
  /** Hibernates as soon as nothing is being written. */
  #tired = false;
  /** When memory was last taken away: what was under way then comes later than the rules' times. */
  lastLostAtMs = 0;

  constructor(
    clock: VirtualClock,
    chance: Chance,
    world: OutsideWorld,
    complain: Complain,
    tell: (what: string) => void,
  ) {
    this.#clock = clock;
    this.#chance = chance;
    this.#world = world;
    this.#complain = complain;
    this.#tell = tell;
    this.alarm = new SimulatedAlarm(clock, chance, () => this.#ring());
  }

  /** The object, woken if need be. */
  get live(): LiveCall {
    if (this.#live === null) {
      this.#life = { number: this.#life.number + 1, over: false };
      this.#live = new LiveCall(this.#surroundings(this.#life), this.#world.outsideOf(this.#life));
    }
    return this.#live;
  }

  /** Number of the present life; 0 while it sleeps. */
  get life(): number {
    return this.#life.over ? 0 : this.#life.number;
  }

  /** An input by the Worker; null when the object failed to answer. */
  take(input: CallInput): Taken | null {
    return this.#guarded(() => this.live.take(input));
  }

  /** The agent door as one POST; null when the object failed to answer. */
  post(
    claims: { offer: number; hostId: string },
    batch: ObservationBatch,
  ): ReturnType<LiveCall['observeBatch']> | null {
    return this.#guarded(() => this.live.observeBatch(claims, batch));
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

  /** Memory goes, sockets and storage stay: hibernation. The runtime lets writes that are under way come to their end. */
  hibernate(): void {
    if (this.#writes > 0) this.#tired = true;
    else this.evict();
  }

  evict(): void {
    this.#writes = 0;
    this.#tired = false;
    this.#live = null;
    this.#life.over = true;
    this.lastLostAtMs = this.#clock.nowMs;
    this.alarm.interrupt();
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

  #ring(): void {
    this.#guarded(() => this.live.alarm());
  }

  #guarded<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.#broken(error);
      return null;
    }
  }

  /** The runtime resets an object whose storage failed; anything else is a bug of ours. */
  #broken(error: unknown): void {
    if (!(error instanceof StorageFailed)) {
      this.#complain(
        'BUG',
        error instanceof Error ? `${error.name}: ${error.message}` : 'something was thrown',
      );
    }
    this.failures++;
    this.#tell('the object failed');
    this.abort();
  }

  /** The disk takes its time. */
  async #written(life: Life): Promise<void> {
    this.#writes++;
    await this.#clock.pause(this.#clock.nowMs % SLOWEST_WRITE_MS);
    if (life.over) return new Promise<never>(() => undefined);
    this.#writes--;
    if (this.#writes === 0 && this.#tired) this.#clock.after(0, () => this.hibernate());
  }

  #surroundings(life: Life): Surroundings {
    const clock = this.#clock;
    return {
      sql: this.storage.sql,
      kv: this.storage.kv,
      transaction: (work) => this.storage.transaction(work),
      written: () => this.#written(life),
      nowMs: () => clock.nowMs,
      setAlarm: (atMs) => this.alarm.set(atMs),
      background: (work) =>
        void work.catch((error: unknown) => {
          if (!life.over) this.#broken(error);
        }),
      later: (delayMs, work) =>
        clock.after(delayMs, () => {
          if (!life.over) this.#guarded(work);
        }),
      sockets: (tag) => this.#sockets.filter((each) => each.tag === tag).map((each) => each.asWebSocket),
      accept: (socket, tag) => {
        const simulated = socket as unknown as SimulatedSocket;
        simulated.tag = tag;
        this.#sockets.push(simulated);
      },
      lastPingAtMs: (socket) => (socket as unknown as SimulatedSocket).lastPingAtMs,
    };
  }
}
