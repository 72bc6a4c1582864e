import type { CallEvent } from '../../domain/call/fact.ts';
import type { Participant } from '../../domain/call/input.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { CallSummary } from '../../domain/call/summary.ts';
import type { Roster } from '../../domain/fleet/roster.ts';
import { chooseHost, emptyRoster, hearHost, releaseSeat, reserveSeat } from '../../domain/fleet/roster.ts';
import { foldCall } from '../../domain/call/apply.ts';
import type { Outside } from '../../durable-objects/surroundings.ts';
import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How hostile the world is: shares of what goes wrong. */
export interface Weather {
  readonly effectFails: number;
  readonly effectSucceedsButAnswerLost: number;
  readonly webhookLost: number;
  readonly webhookRepeated: number;
  readonly hostIsGhost: number;
  readonly linkCutsPerMinute: number;
  readonly agentDies: number;
  readonly machineVanishes: number;
  readonly objectEvictsPerMinute: number;
  readonly objectAbortsPerMinute: number;
  readonly monitorCutsPerMinute: number;
  readonly storageFails: number;
}

/** LiveKit's room as the simulation knows it to be: the truth that webhooks only tell of. */
export class MediaRoom {
  exists = false;
  /** identity → connection */
  readonly present = new Map<string, string>();
  closedAtMs: number | null = null;
}

/** Everything around the object that the call owes effects to, failing and forgetting as the weather has it. */
export class OutsideWorld {
  readonly room = new MediaRoom();
  roster: Roster = emptyRoster;
  projection: string | null = null;
  archived: readonly CallEvent[] | null = null;
  boardRow: CallSummary | null = null;
  /** Dispatches that LiveKit took, by metadata: offered to the named agent once each. */
  readonly dispatched = new Set<string>();
  /** After this time nothing fails any more: what is owed must come through. */
  calmFromMs = Number.POSITIVE_INFINITY;
  onDispatch: (agentName: string, metadata: string) => void = () => undefined;
  onRoomClosed: () => void = () => undefined;
  onRemoved: (identity: string) => void = () => undefined;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #weather: Weather;

  constructor(clock: VirtualClock, chance: Chance, weather: Weather) {
    this.#clock = clock;
    this.#chance = chance;
    this.#weather = weather;
  }

  /** As the object sees it; each call takes time, may fail before or after it did its work. */
  get outside(): Outside {
    return {
      media: {
        createRoom: () => this.#effect(() => void (this.room.exists ||= this.room.closedAtMs === null)),
        dispatch: (_room, agentName, metadata, repeated) =>
          this.#effect(() => {
            if (repeated && this.dispatched.has(metadata)) return;
            this.dispatched.add(metadata);
            this.onDispatch(agentName, metadata);
          }),
        removeParticipant: (_room, identity) =>
          this.#effect(() => {
            this.room.present.delete(identity);
            this.onRemoved(identity);
          }),
        closeRoom: () =>
          this.#effect(() => {
            if (this.room.closedAtMs !== null) return;
            this.room.closedAtMs = this.#clock.nowMs;
            this.room.exists = false;
            this.room.present.clear();
            this.onRoomClosed();
          }),
        customersIn: () => this.#effect(() => this.customers()),
      },
      chooseHost: (callId, without) =>
        this.#effect(() => {
          const host = chooseHost(this.roster, without, this.#clock.nowMs);
          if (host === null) return null;
          this.roster = reserveSeat(this.roster, { callId, hostId: host.hostId, madeAtMs: this.#clock.nowMs });
          return { hostId: host.hostId, agentName: host.agentName };
        }),
      releaseSeat: (callId, hostId) =>
        this.#effect(() => void (this.roster = releaseSeat(this.roster, callId, hostId))),
      announce: (summary) =>
        this.#effect(() => {
          if (this.boardRow === null || summary.head > this.boardRow.head) this.boardRow = summary;
        }),
      project: (call) => this.#effect(() => this.#project(call)),
      archive: (call, ledger) =>
        this.#effect(() => {
          if (foldCall(ledger)?.head !== call.head) throw new Error('archived another ledger than the state');
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

  heartbeat(hostId: string, seats: number, activeCallIds: readonly string[]): void {
    this.roster = hearHost(this.roster, {
      hostId,
      agentName: hostId,
      seats,
      activeCallIds,
      draining: false,
      callsFailed: 0,
      callsServed: 0,
      firstAudioP95Ms: null,
      heardAtMs: this.#clock.nowMs,
    });
  }

  get #calm(): boolean {
    return this.#clock.nowMs >= this.calmFromMs;
  }

  #project(call: CallState): void {
    const known = this.projection === null ? -1 : (JSON.parse(this.projection) as CallState).head;
    if (call.head > known) this.projection = JSON.stringify(call);
  }

  async #effect<T>(work: () => T): Promise<T> {
    await this.#clock.pause(this.#chance.delay(2, this.#calm ? 50 : 3_000));
    if (!this.#calm && this.#chance.happens(this.#weather.effectFails)) throw new Error('the service failed');
    const result = work();
    if (!this.#calm && this.#chance.happens(this.#weather.effectSucceedsButAnswerLost)) {
      throw new Error('the answer was lost');
    }
    return result;
  }
}
