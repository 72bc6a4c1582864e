import type { AgentProcess } from './agent-process.ts';
import type { Chance } from './random.ts';
import type { Stage } from './stage.ts';
import { CALL_ID } from './stage.ts';

const HOSTS = ['host-a', 'host-b', 'host-c'];
const SEATS = 2;
const HEARTBEAT_MS = 5_000;
/** A request of a life that is over may still reserve a seat this long after the end: somebody must beat to sweep it. */
const BEATS_AFTER_END_MS = 120_000;
/** Other calls come and go until this long after the start: they matter while agents are sought. */
const OTHER_CALLS_MS = 600_000;

/** The agent hosts: some are ghosts, some drain, some fail, and all serve other calls besides. */
export class FleetHosts {
  readonly #stage: Stage;
  readonly #chance: Chance;
  readonly #agents: readonly AgentProcess[];
  readonly #ghosts: ReadonlySet<string>;
  readonly #failing: ReadonlySet<string>;
  readonly #draining = new Set<string>();
  readonly #dead = new Set<string>();
  readonly #others = new Map<string, string>();
  readonly #startMs: number;
  #calls = 0;

  constructor(stage: Stage, agents: readonly AgentProcess[]) {
    this.#stage = stage;
    this.#chance = stage.chance.fork();
    this.#agents = agents;
    this.#startMs = stage.clock.nowMs;
    const { weather, clock } = stage;
    this.#ghosts = new Set(HOSTS.filter(() => this.#chance.happens(weather.hostIsGhost)));
    this.#failing = new Set(HOSTS.filter(() => this.#chance.happens(weather.hostFails)));
    for (const hostId of HOSTS) {
      clock.after(this.#chance.delay(0, 15_000), () => this.#beat(hostId));
      const drains = this.#chance.happens(weather.hostDrains);
      const afterMs = this.#chance.delay(0, 60_000);
      if (drains) clock.after(afterMs, () => void this.#draining.add(hostId));
      const dies = this.#chance.happens(weather.hostDies);
      const diesMs = this.#chance.delay(0, 90_000);
      if (dies) clock.after(diesMs, () => this.#die(hostId));
    }
    if (this.#chance.happens(weather.otherCalls)) this.#otherCall();
  }

  /** A dispatch to it reaches nobody. */
  isGhost(hostId: string): boolean {
    return this.#ghosts.has(hostId) || this.#dead.has(hostId);
  }

  #die(hostId: string): void {
    this.#stage.tell(`${hostId} is gone`);
    this.#dead.add(hostId);
    for (const each of this.#agents) if (each.hostId === hostId) each.vanish();
  }

  #beat(hostId: string): void {
    const { clock, world, ledger } = this.#stage;
    if (this.#dead.has(hostId)) return;
    const active = this.#agents.filter((each) => each.hostId === hostId && !each.over).map(() => CALL_ID);
    for (const [callId, at] of this.#others) if (at === hostId) active.push(callId);
    world.fleet.hear({
      hostId,
      seats: SEATS,
      activeCallIds: active,
      draining: this.#draining.has(hostId),
      failing: this.#failing.has(hostId),
    });
    // A request on its way when the object crashed may reserve a seat after all was given back: it lapses by itself,
    // as the next heartbeats find (DISPATCH-6).
    const endAtMs = ledger.model.end?.atMs ?? Number.POSITIVE_INFINITY;
    const awaited =
      clock.nowMs < endAtMs + BEATS_AFTER_END_MS ||
      active.length > 0 ||
      world.fleet.roster.reservations.length > 0;
    if (awaited) clock.after(HEARTBEAT_MS, () => this.#beat(hostId));
  }

  /** Another call: takes a seat, is counted a little later, leaves, and sometimes never says so. */
  #otherCall(): void {
    const { clock, world, ledger } = this.#stage;
    clock.after(this.#chance.between(200, 6_000), () => {
      if (ledger.model.end !== null || clock.nowMs > this.#startMs + OTHER_CALLS_MS) return;
      const callId = `other-${++this.#calls}`;
      const host = world.fleet.choose(callId, []);
      const comes = this.#chance.happens(0.7);
      const comesMs = this.#chance.delay(200, 15_000);
      const staysMs = this.#chance.between(2_000, 40_000);
      const saysSo = this.#chance.happens(0.7);
      if (host !== null && comes) {
        clock.after(comesMs, () => void this.#others.set(callId, host.hostId));
        clock.after(comesMs + staysMs, () => {
          this.#others.delete(callId);
          if (saysSo) world.fleet.release(callId, this.#chance.happens(0.5) ? host.hostId : null);
        });
      }
      this.#otherCall();
    });
  }
}
