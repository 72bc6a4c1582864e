import { createHash } from 'node:crypto';
import type { CallRequested } from '../../domain/call/fact.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import { LiveDialer } from '../../durable-objects/dialer/live-dialer.ts';
import type { CallNews, DialerSurroundings } from '../../durable-objects/dialer/dialer-surroundings.ts';
import type { CampaignProgress } from '../../protocol/board.ts';
import type { Chance } from '../simulate/random.ts';
import { SimulatedStorage } from '../simulate/storage.ts';
import type { VirtualClock } from '../simulate/virtual-clock.ts';
import type { SqliteTables } from './sqlite-d1.ts';
import { d1Over } from './sqlite-d1.ts';
import type { Life, Trouble } from './trouble.ts';
import { travelOf } from './trouble.ts';

/** What a dialer deals with besides D1. */
export interface World {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly tables: SqliteTables;
  trouble(): Trouble;
  newCallId(): string;
  freeSeats(): number;
  requestCall(request: Omit<CallRequested, 'type'>): void;
  callNews(callId: string): CallNews;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** One campaign's dialer, its storage, its alarm, and its lives: each is taken away at any step. */
export class DialerHost {
  readonly #world: World;
  readonly #campaignId: string;
  readonly storage = new SimulatedStorage();
  #life: Life = { gone: false };
  #dialer: LiveDialer | null = null;
  #alarmAtMs: number | null = null;
  announced: CampaignProgress | null = null;
  evictions = 0;
  readonly told = new Set<string>();

  constructor(world: World, campaignId: string) {
    this.#world = world;
    this.#campaignId = campaignId;
  }

  wake(): void {
    this.#live().wake();
  }

  /** As a call tells it: the answer may be lost with the object. */
  settle(end: Settlement): Promise<void> {
    const life = this.#life;
    const settled = this.#live().settle(end);
    return new Promise((resolve, reject) => {
      let open = true;
      const close = (): void => void (open = false);
      settled.then(resolve, reject).finally(close);
      const watch = (): void => {
        if (open && life.gone) reject(new Error('the object is gone'));
        else if (open) this.#world.clock.after(1_000, watch);
      };
      this.#world.clock.after(1_000, watch);
    });
  }

  evict(): void {
    this.evictions += 1;
    this.#life.gone = true;
    this.#life = { gone: false };
    this.#dialer = null;
  }

  /** What its book holds, read past the code under test. */
  booked(): number {
    return this.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM dial').toArray()[0]?.n ?? 0;
  }

  chainHead(): { seq: number; hash: string } {
    return this.storage.kv.get<{ seq: number; hash: string }>('chainHead') ?? { seq: 0, hash: '' };
  }

  progress(): Promise<CampaignProgress | null> {
    return this.#live().progress();
  }

  close(): void {
    this.#life.gone = true;
    this.storage.close();
  }

  #live(): LiveDialer {
    if (this.#dialer !== null) return this.#dialer;
    const world = this.#world;
    const life = this.#life;
    const travel = travelOf(world.clock, world.chance, () => world.trouble(), life, () => this.#evictIf(life));
    const around: DialerSurroundings = {
      sql: this.storage.sql,
      kv: this.storage.kv,
      transaction: (work) => this.storage.transaction(work),
      nowMs: () => world.clock.nowMs,
      setAlarm: (atMs) => this.#setAlarm(atMs),
      background: (work) => void work.catch(() => undefined),
    };
    this.#dialer = new LiveDialer(
      around,
      {
        database: d1Over(world.tables, travel),
        media: 'livekit',
        newCallId: () => world.newCallId(),
        sha256,
        freeSeats: () => travel(() => world.freeSeats()),
        requestCall: (request) => travel(() => world.requestCall(request)),
        callNews: (callId) => travel(() => world.callNews(callId)),
        announce: (progress) => travel(() => void (this.announced = progress)),
        tell: (event) => travel(() => void this.told.add(event.id)),
        wakeCampaign: () => Promise.resolve(),
      },
      this.#campaignId,
    );
    return this.#dialer;
  }

  #evictIf(life: Life): void {
    if (life === this.#life) this.evict();
  }

  /** Rings at least once, a little late. */
  #setAlarm(atMs: number | null): void {
    this.#alarmAtMs = atMs;
    if (atMs === null) return;
    const late = this.#world.chance.delay(0, 200);
    this.#world.clock.at(Math.max(atMs, this.#world.clock.nowMs) + late, () => {
      if (this.#alarmAtMs !== atMs) return;
      this.#alarmAtMs = null;
      this.#live().alarm();
    });
  }
}
