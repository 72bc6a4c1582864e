import type { CallEvent } from '../../domain/call/fact.ts';
import { seatOf } from '../../domain/call/identity.ts';
import type { Participant } from '../../domain/call/input.ts';
import type { Occurrence } from '../../domain/call/occurrence.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { CallSummary } from '../../domain/call/summary.ts';
import type { MediaServer } from '../../durable-objects/media-server.ts';
import type { Outside } from '../../durable-objects/surroundings.ts';
import type { SimulatedFleet } from './fleet.ts';
import type { Outages, Service } from './outages.ts';
import type { Chance } from './random.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import type { Complain } from './stage.ts';
import { NUMBER } from './stage.ts';
import type { Telephone } from './telephone.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';
import { EffectJudge } from './judge/effect-judge.ts';

/** LiveKit's room as the simulation knows it to be: the truth that webhooks only tell of. */
export class MediaRoom {
  exists = false;
  /** identity → connection */
  readonly present = new Map<string, string>();
  closedAtMs: number | null = null;
}

/** A stretch of the object's memory: from one waking to the eviction or crash that ends it. */
export interface Life {
  readonly number: number;
  readonly over: boolean;
}

/** A stuck service answers after this long, ms; the media server's client gives up after 5 s, ours in D1 and R2 do not. */
const HANGS_MS = 60_000;
const TIMED_OUT: ReadonlySet<Service> = new Set(['media', 'fleet', 'board']);

/** Everything around the object that the call owes effects to, failing and forgetting as the weather has it. */
export class OutsideWorld {
  readonly room = new MediaRoom();
  readonly judge: EffectJudge;
  readonly fleet: SimulatedFleet;
  readonly telephone: Telephone;
  projection: string | null = null;
  #projectedHead = 0;
  archived: readonly CallEvent[] | null = null;
  boardRow: CallSummary | null = null;
  /** What people and endpoints were told, by id: an id heard again must tell the very same (HOOK-1). */
  readonly told = new Map<string, Occurrence>();
  /** Keys of effects that a person found given up. */
  readonly parkedKeys = new Set<string>();
  /** After this time nothing fails any more: what is owed must come through. */
  calmFromMs = Number.POSITIVE_INFINITY;
  onDispatch: (agentName: string, metadata: string) => void = () => undefined;
  onRoomClosed: () => void = () => undefined;
  onRemoved: (identity: string) => void = () => undefined;
  readonly #dispatched = new Set<string>();
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #weather: Weather;
  readonly #outages: Outages;
  readonly #complain: Complain;
  /** What a life that is over still waits for never comes. */
  readonly #never = new Promise<never>(() => undefined);

  constructor(
    clock: VirtualClock,
    chance: Chance,
    weather: Weather,
    outages: Outages,
    fleet: SimulatedFleet,
    telephone: Telephone,
    complain: Complain,
  ) {
    this.#clock = clock;
    this.#chance = chance;
    this.#weather = weather;
    this.#outages = outages;
    this.#complain = complain;
    this.fleet = fleet;
    this.telephone = telephone;
    this.judge = new EffectJudge(clock, complain);
  }

  /** As one life of the object sees it; each call takes time, may fail before or after it did its work. */
  outsideOf(life: Life): Outside {
    const effect = <T>(service: Service, name: string, subject: string, work: () => T): Promise<T> =>
      this.#effect(life, service, name, subject, work);
    return {
      media: this.#media(effect),
      egress: null,
      chooseHost: (callId, without) => {
        if (!life.over) this.fleet.checkAsked(without);
        return effect('fleet', 'chooseHost', '', () => this.fleet.choose(callId, without));
      },
      releaseSeat: (callId, hostId) =>
        effect('fleet', 'releaseSeat', hostId ?? 'all', () => this.fleet.release(callId, hostId)),
      apologise: () => effect('fleet', 'apologise', '', () => this.fleet.apologise()),
      telephony: this.#telephony(effect),
      suppress: (number) => effect('d1', 'suppress', number, () => undefined),
      settleDial: (call) => effect('d1', 'settleDial', '', () => this.#settle(call)),
      lastLook: () => effect('d1', 'lastLook', '', () => this.telephone.lastLook()),
      announce: (summary) =>
        effect('board', 'announce', '', () => {
          if (this.boardRow === null || summary.head > this.boardRow.head) this.boardRow = summary;
        }),
      // It asks D1 who listens, so it fails as D1 does.
      notify: (occurrence) => effect('d1', 'notify', occurrence.id, () => this.#hear(occurrence)),
      forgetCopies: () => effect('d1', 'forgetCopies', '', () => undefined),
      forgetRecordings: () => effect('r2', 'forgetRecordings', '', () => undefined),
      project: (call) => effect('d1', 'project', '', () => this.#project(call)),
      archive: (call, ledger) =>
        effect('r2', 'archive', '', () => {
          if (ledger.length !== call.head) throw new Error('archived another ledger than the state');
          this.archived = ledger;
        }),
      signDoorToken: (claims) => Promise.resolve(JSON.stringify(claims)),
    };
  }

  customers(): Participant[] {
    return [...this.room.present]
      .filter(([identity]) => identity.startsWith('customer-'))
      .map(([identity, connection]) => ({ identity, connection }));
  }

  seats(): Participant[] {
    return [...this.room.present]
      .filter(([identity]) => seatOf(identity) === 'supervisor')
      .map(([identity, connection]) => ({ identity, connection }));
  }

  #telephony(
    effect: <T>(service: Service, name: string, subject: string, work: () => T) => Promise<T>,
  ): Outside['telephony'] {
    return {
      place: () => {
        this.telephone.asked++;
        return effect('media', 'placeDial', '', () => this.telephone.ring());
      },
      find: () => effect('media', 'findDial', '', () => this.telephone.find()),
      hangUp: () => effect('media', 'hangUpDial', '', () => this.telephone.hangUp()),
    };
  }

  /** The slot is free: whoever asked never to be called again must be on the list by now (DNC-3). */
  #settle({ doNotCall }: Settlement): void {
    if (doNotCall && !this.judge.wasDone('suppress', NUMBER, 0))
      this.#complain('DNC-3', 'a slot was freed before the number was on the list');
  }

  #media(
    effect: <T>(service: Service, name: string, subject: string, work: () => T) => Promise<T>,
  ): MediaServer {
    return {
      createRoom: () =>
        effect('media', 'createRoom', '', () => void (this.room.exists ||= this.room.closedAtMs === null)),
      dispatch: (_room, agentName, metadata, repeated) =>
        effect('media', 'dispatch', metadata, () => {
          if (repeated && this.#dispatched.has(metadata)) return;
          this.#dispatched.add(metadata);
          this.onDispatch(agentName, metadata);
        }),
      removeParticipant: (_room, identity) =>
        effect('media', 'removeParticipant', identity, () => {
          this.room.present.delete(identity);
          this.onRemoved(identity);
        }),
      closeRoom: () =>
        effect('media', 'closeRoom', '', () => {
          if (this.room.closedAtMs !== null) return;
          this.room.closedAtMs = this.#clock.nowMs;
          this.room.exists = false;
          this.room.present.clear();
          this.onRoomClosed();
        }),
      customersIn: () => effect('media', 'customersIn', '', () => this.customers()),
      seatsIn: () => effect('media', 'seatsIn', '', () => this.seats()),
    };
  }

  get #calm(): boolean {
    return this.#clock.nowMs >= this.calmFromMs;
  }

  #hear(occurrence: Occurrence): void {
    const known = this.told.get(occurrence.id);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(occurrence))
      this.#complain('HOOK-1', 'one id tells two things');
    this.told.set(occurrence.id, occurrence);
  }

  #project(call: CallState): void {
    if (call.head <= this.#projectedHead) return;
    this.#projectedHead = call.head;
    this.projection = JSON.stringify(call);
  }

  async #effect<T>(life: Life, service: Service, name: string, subject: string, work: () => T): Promise<T> {
    if (life.over) return this.#never;
    const { effectFails, effectHangs, effectSlow, effectSucceedsButAnswerLost } = this.#weather;
    const asked = this.judge.asked(life, name, subject);
    const slow = this.#chance.happens(effectSlow);
    const hangs = this.#chance.happens(effectHangs) && !TIMED_OUT.has(service);
    const slowMs = slow ? this.#chance.between(2, 3_000) : this.#chance.delay(2, 60);
    const takesMs = hangs ? HANGS_MS : slowMs;
    await this.#clock.pause(this.#calm ? Math.min(takesMs, 60) : takesMs);
    // R2 has no fence against an older archive that lands after a newer one. We rely on the runtime, which cancels what
    // an object asked for when it takes the object away; everyone else may still act on a request of a life that is over.
    if (life.over && service === 'r2') return this.#never;
    let failed: Error | null = null;
    let result: T | undefined;
    const down = this.#outages.isDown(service, this.#clock.nowMs);
    if (!this.#calm && (down || this.#chance.happens(effectFails))) failed = new Error('the service failed');
    else {
      result = work();
      this.judge.done(asked);
      if (!this.#calm && this.#chance.happens(effectSucceedsButAnswerLost))
        failed = new Error('the answer was lost');
    }
    if (life.over) return this.#never;
    this.judge.answered(asked, failed === null, result);
    if (failed !== null) throw failed;
    return result as T;
  }
}
