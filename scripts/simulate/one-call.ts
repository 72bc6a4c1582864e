import type { CallEvent } from '../../domain/call/fact.ts';
import { AgentProcess } from './agent-process.ts';
import { Customer } from './customer.ts';
import { requireOwnTurn, settlePromises } from './drain.ts';
import { FleetHosts } from './fleet-hosts.ts';
import { SimulatedFleet } from './fleet.ts';
import { FoldJudge } from './judge/fold-judge.ts';
import { LedgerJudge } from './judge/ledger-judge.ts';
import { judgeRest } from './judge/rest-judge.ts';
import { TruthJudge } from './judge/truth-judge.ts';
import { Monitor } from './monitor.ts';
import { ObjectHost } from './object-host.ts';
import { Outages } from './outages.ts';
import { OutsideWorld } from './outside-world.ts';
import { bringPeople, requestCall } from './people.ts';
import { Chance } from './random.ts';
import { disturb } from './runtime-trouble.ts';
import type { Stage } from './stage.ts';
import { START_MS } from './stage.ts';
import { Telephone } from './telephone.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';
import { weatherFor } from './weather.ts';
import { Webhooks } from './webhooks.ts';

/** In so many calls we ring the customer. */
const DIALLED_SHARE = 0.2;
/** However it went, everything has come to rest by then. */
const LONGEST_MS = 3 * 3_600_000;

export interface Violation {
  readonly rule: string;
  readonly what: string;
}

export interface CallOutcome {
  readonly violation: Violation | null;
  readonly weather: Weather;
  readonly events: readonly CallEvent[];
  readonly rings: number;
  readonly latestMs: number;
  /** What the world did, line by line; empty unless it was asked for. */
  readonly story: readonly string[];
}

export interface Wish {
  /** Kinds of weather to leave out. */
  readonly without?: ReadonlySet<string>;
  readonly story?: boolean;
}

/** One call from its request to rest, in a world seeded by `seed`. The first broken rule ends it. */
export function simulateCall(seed: number, wish: Wish = {}): CallOutcome {
  requireOwnTurn();
  const chance = new Chance(seed);
  const weather = weatherFor(chance.fork(), wish.without ?? new Set());
  // The outbox jitters its retries; a seed must jitter them alike.
  const jitter = chance.fork();
  const random = Math.random;
  Math.random = () => jitter.next();
  // Drawn apart: what calls without a telephone do stays as it was.
  const dialledChance = new Chance(seed ^ 0x5bd1e995);
  const dialled = dialledChance.happens(DIALLED_SHARE) ? dialledChance.fork() : null;
  const call = new SimulatedCall(chance, weather, dialled, wish.story ?? false);
  try {
    return call.run();
  } finally {
    Math.random = random;
  }
}

/** Ends a history at its first broken rule; what comes after would only be consequences. */
class Broken extends Error {}

class SimulatedCall {
  readonly #stage: Stage;
  readonly #agents: AgentProcess[] = [];
  readonly #monitors: Monitor[];
  readonly #hosts: FleetHosts;
  readonly #fold: FoldJudge;
  readonly #truth: TruthJudge;
  readonly #story: string[] = [];
  #violation: Violation | null = null;
  #commits = 0;

  constructor(chance: Chance, weather: Weather, dialled: Chance | null, storyWanted: boolean) {
    const clock = new VirtualClock(START_MS);
    const tell = (what: string): void => {
      if (storyWanted) this.#story.push(`${((clock.nowMs - START_MS) / 1000).toFixed(3)} ${what}`);
    };
    const complain = (rule: string, what: string): void => {
      this.#violation ??= { rule, what };
      tell(`BROKEN ${rule}: ${what}`);
    };
    const outages = new Outages(chance.fork(), START_MS, weather.outage);
    const fleet = new SimulatedFleet(clock, complain);
    const telephone = new Telephone(clock, dialled ?? new Chance(0), complain, tell);
    const world = new OutsideWorld(clock, chance.fork(), weather, outages, fleet, telephone, complain);
    const host = new ObjectHost(clock, chance.fork(), world, complain, tell);
    const webhooks = new Webhooks(clock, chance.fork(), weather, host);
    const customer = new Customer(
      clock,
      chance.fork(),
      world,
      webhooks,
      tell,
      weather.customerFlickersPerMinute,
      dialled !== null,
    );
    telephone.news = (news) => webhooks.send(news);
    telephone.pickUp = () => customer.pickUp();
    telephone.putDown = () => customer.putOut();
    const ledger = new LedgerJudge(complain);
    this.#stage = {
      clock,
      chance,
      weather,
      host,
      world,
      customer,
      ledger,
      complain,
      tell,
      dialled: dialled !== null,
    };
    this.#fold = new FoldJudge(ledger.model, complain);
    this.#truth = new TruthJudge(this.#stage, this.#agents);
    this.#hosts = new FleetHosts(this.#stage, this.#agents);
    ledger.failedDispatches = (offer) => world.judge.failedDispatches(offer);
    world.judge.storageFailures = () => host.storage.failures;
    fleet.asksLast = () => ledger.model.asksLast;
    world.onDispatch = (hostId, metadata) => this.#dispatched(hostId, metadata);
    world.onRemoved = (identity) => this.#agents.find((each) => each.identity === identity)?.removed();
    world.onRoomClosed = () => {
      tell('room closed');
      customer.putOut();
      for (const each of this.#agents) each.roomClosed();
      webhooks.send({ type: 'roomFinished' });
    };
    requestCall(this.#stage);
    bringPeople(this.#stage);
    disturb(this.#stage, this.#agents);
    this.#monitors = [0, 1].map(() => new Monitor({ ...this.#stage, chance: chance.fork() }));
  }

  run(): CallOutcome {
    const { clock, host, ledger, weather } = this.#stage;
    try {
      this.#look();
      this.#until(START_MS + LONGEST_MS);
      this.#personRetries();
      for (const monitor of this.#monitors) monitor.lookAgain();
      this.#until(clock.nowMs + 60_000);
      judgeRest(this.#stage, this.#agents, this.#monitors);
    } catch (error) {
      if (!(error instanceof Broken)) this.#stage.complain('BUG', String(error));
    } finally {
      host.close();
    }
    return {
      violation: this.#violation,
      weather,
      events: ledger.events,
      rings: host.alarm.rings,
      latestMs: this.#truth.latestMs,
      story: this.#story,
    };
  }

  #until(untilMs: number): void {
    while (this.#stage.clock.step(untilMs)) {
      settlePromises();
      this.#look();
    }
  }

  /** A person looks after what was given up (EFFECT-2). */
  #personRetries(): void {
    const { clock, host, tell, world } = this.#stage;
    host.storage.failNext = false;
    for (let rounds = 0; rounds < 3 && host.live.parkedEffects().length > 0; rounds++) {
      tell(`${host.live.parkedEffects().length} parked effects tried again by a person`);
      world.judge.personAsked();
      for (const { key, type } of host.live.parkedEffects()) if (type !== 'notify') world.parkedKeys.add(key);
      host.live.retryParkedEffects();
      settlePromises();
      this.#until(clock.nowMs + LONGEST_MS);
    }
  }

  #dispatched(hostId: string, metadata: string): void {
    const ghost = this.#hosts.isGhost(hostId);
    this.#stage.tell(`dispatch to ${hostId}${ghost ? ', a ghost' : ''}`);
    if (ghost) return;
    const { doorToken } = JSON.parse(metadata) as { doorToken: string };
    const claims = JSON.parse(doorToken) as { offer: number; hostId: string };
    this.#agents.push(new AgentProcess(this.#stage, this.#agents.length + 1, claims));
  }

  #look(): void {
    const { clock, host, ledger, tell, world } = this.#stage;
    if (host.storage.commits !== this.#commits) {
      this.#commits = host.storage.commits;
      const entries = host.storage.ledgerAfter(ledger.events.length);
      for (const event of entries)
        tell(`#${event.seq} ${event.type}${'outcome' in event ? ` ${event.outcome}` : ''}`);
      const ended = ledger.model.end !== null;
      ledger.take(entries, clock.nowMs);
      this.#fold.take(entries, clock.nowMs);
      this.#truth.take(entries);
      // Some time after the end nothing fails any more, and everything owed must come through.
      if (!ended && ledger.model.end !== null)
        world.calmFromMs = clock.nowMs + this.#stage.chance.delay(0, 600_000);
    }
    this.#truth.look();
    if (this.#violation !== null) throw new Broken();
  }
}
