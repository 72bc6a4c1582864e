import type { CallEvent } from '../../../domain/call/fact.ts';
import type { AgentProcess } from '../agent-process.ts';
import type { Stage } from '../stage.ts';
import { AGENT_RETURNS_MS, COMPARED_EVERY_MS, PING_SILENCE_MS } from './limits.ts';

/** How late a deadline may be kept after the last trouble with the disk: the runtime's alarm, and one more ring. Ms. */
const DEADLINE_SLACK_MS = 3_000;
/** How late everything else may be that follows from an answer (3 s), after memory was lost once more meanwhile. Ms. */
export const SLACK_MS = 6_000;
/** Two agents may overlap only while the given-up one has not heard of it yet. */
const OVERLAP_MS = 12_000;
/** A message's longest way through a socket, twice. */
const TOLD_MS = 1_000;
/** Agents ping this often; the last one may have been on its way for 0.4 s. */
const PING_EVERY_MS = 2_000;
/** A seat is asked for again this long after there was none. */
const ASKED_AGAIN_MS = 1_000;
/** What the outbox waits at most between its tries within one search of 44 s (backoff of the eighth). */
const SOUGHT_MS = 32_000;

/** More rings than this within 5 s are too many: retries back off, pings are looked at every 8 s. */
const SPIN_WINDOW_MS = 5_000;
const SPIN_RINGS = 40;
/** What is under way needs no alarm sooner than this. */
const UNDER_WAY_MS = 10_000;

const SEARCH_BEGINS: ReadonlySet<string> = new Set(['callRequested', 'offerExpired', 'agentLeft']);

/** Holds the ledger against what really happened, and its times against the clock, after every step. */
export class TruthJudge {
  readonly #stage: Stage;
  readonly #agents: readonly AgentProcess[];
  #earliestAtMs = Number.POSITIVE_INFINITY;
  #earliest = '';
  #soughtSinceMs = 0;
  #overlapSinceMs: number | null = null;
  #list: object | null = null;
  #choice: object | null = null;
  /** Since when the earliest deadline is known, and how often the disk had failed by then. */
  #knownSinceMs = 0;
  #troubleAtMs = 0;
  #spinning = { rings: 0, sinceMs: 0 };
  #failures = 0;
  /** Longest that any deadline was kept late, for the figures. */
  latestMs = 0;

  constructor(stage: Stage, agents: readonly AgentProcess[]) {
    this.#stage = stage;
    this.#agents = agents;
  }

  /** New entries were written. */
  take(entries: readonly CallEvent[]): void {
    const { ledger, clock } = this.#stage;
    const model = ledger.model;
    const due = model.deadlines(null, clock.nowMs).find((each) => each.name !== 'stale');
    const atMs = due?.atMs ?? Number.POSITIVE_INFINITY;
    if (atMs !== this.#earliestAtMs) this.#knownSinceMs = clock.nowMs;
    this.#earliestAtMs = atMs;
    this.#earliest = due?.name ?? '';
    for (const event of entries) {
      // A customer who comes to a call that lost its agent has one sought; before the first agent one is sought anyway.
      const comesBack = event.type === 'customerJoined' && model.agents.length > 0;
      if (comesBack || SEARCH_BEGINS.has(event.type)) this.#soughtSinceMs = event.atMs;
      if (event.type !== 'agentLeft' || event.reason !== 'lost') continue;
      const agent = this.#agents.find((each) => each.session === event.session);
      if (agent !== undefined) this.#lookAtLoss(agent, event.atMs);
    }
  }

  /** After every step. */
  look(): void {
    const { ledger, host } = this.#stage;
    const trouble = host.storage.failures !== this.#failures;
    this.#failures = host.storage.failures;
    this.#lookAtAgents();
    this.#lookForSpinning();
    this.#lookAtTelephone();
    if (ledger.model.end !== null) return;
    this.#lookAtAlarm(trouble);
    this.#lookAtList(trouble);
    this.#lookForSuccessor(trouble);
  }

  /** Given up only when its link is gone, and not before it had its time to come back (DISPATCH-5). */
  #lookAtLoss(agent: AgentProcess, atMs: number): void {
    const { complain, host } = this.#stage;
    const { linkedSinceMs, lostAtMs } = agent.link;
    if (agent.alive && linkedSinceMs !== null)
      complain('DISPATCH-5', 'an agent was given up while its link stands');
    if (lostAtMs === null) return;
    // A machine that vanished in mid-link closed nothing: its silence counts from its last ping.
    const silent = agent.vanished && agent.diedAtMs === lostAtMs;
    const silentAtMs = lostAtMs - PING_EVERY_MS + PING_SILENCE_MS;
    const crashedAtMs = host.lastLostAtMs >= lostAtMs ? host.lastLostAtMs : silentAtMs;
    const goneAtMs = silent ? Math.min(silentAtMs, crashedAtMs) : lostAtMs;
    if (atMs < goneAtMs + AGENT_RETURNS_MS) complain('DISPATCH-5', 'an agent had no time to come back');
  }

  #lookAtAlarm(trouble: boolean): void {
    const { clock, complain, host } = this.#stage;
    if (trouble) this.#troubleAtMs = clock.nowMs;
    const lateMs = clock.nowMs - Math.max(this.#earliestAtMs, this.#troubleAtMs);
    if (lateMs > this.latestMs) this.latestMs = lateMs;
    if (lateMs > DEADLINE_SLACK_MS)
      complain('DEADLINES', `${this.#earliest} is not kept ${lateMs} ms after it was due`);
    const { alarm } = host;
    const dueAtMs = Math.max(this.#earliestAtMs, clock.nowMs + 1);
    if (alarm.atMs === null || alarm.atMs > dueAtMs)
      complain('DEADLINES', `no alarm is set for ${this.#earliest}`);
    if (trouble) this.#knownSinceMs = clock.nowMs;
    const rangMs = alarm.doneSinceMs;
    if (rangMs >= this.#earliestAtMs && rangMs > this.#knownSinceMs) {
      complain('DEADLINES', `the alarm rang and left ${this.#earliest} as it was`);
    }
  }

  /** Alarms are paid for: one that rings again and again has been set for what it cannot do. */
  #lookForSpinning(): void {
    const { clock, complain, host } = this.#stage;
    if (clock.nowMs - this.#spinning.sinceMs < SPIN_WINDOW_MS) return;
    const rings = host.alarm.rings - this.#spinning.rings;
    const windowMs = clock.nowMs - this.#spinning.sinceMs;
    this.#spinning = { rings: host.alarm.rings, sinceMs: clock.nowMs };
    const effectDueAtMs = host.storage.nextEffectDueAtMs();
    const { alarm } = host;
    if (effectDueAtMs !== null) {
      const latestMs = Math.max(effectDueAtMs, clock.nowMs) + UNDER_WAY_MS;
      if (alarm.atMs === null || alarm.atMs > latestMs)
        complain('EFFECT-1', 'no alarm is set for what is owed');
    }
    if (rings > SPIN_RINGS && windowMs < 2 * SPIN_WINDOW_MS) complain('DEADLINES', 'the alarm spins');
  }

  /** The carrier is asked once, and only for what is written (DIAL-3). */
  #lookAtTelephone(): void {
    const { complain, ledger, world } = this.#stage;
    const { asked } = world.telephone;
    if (asked > 1) complain('DIAL-3', 'the carrier was asked to ring twice');
    if (asked > 0 && ledger.model.dialStartedAtMs === null)
      complain('DIAL-3', 'the carrier was asked before it was written that it may ring');
  }

  #lookAtAgents(): void {
    const { clock, complain, host, ledger } = this.#stage;
    const { model } = ledger;
    let serving = 0;
    for (const agent of this.#agents) {
      // An agent whose network is down is heard by nobody.
      if (agent.serving && agent.link.downUntilMs <= clock.nowMs) serving++;
      const linkedMs = agent.link.linkedSinceMs;
      if (model.end !== null && agent.serving && linkedMs !== null) {
        const knowsMs = clock.nowMs - Math.max(model.end.atMs, linkedMs);
        if (knowsMs > TOLD_MS) complain('LEDGER-3', 'an agent was not told that the call is over');
      }
    }
    if (serving <= 1) this.#overlapSinceMs = null;
    else this.#overlapSinceMs ??= clock.nowMs;
    if (this.#overlapSinceMs !== null && clock.nowMs - this.#overlapSinceMs > OVERLAP_MS) {
      complain('DISPATCH-3', 'two agents stay in one call');
    }
    const seat = model.agent;
    if (model.end !== null || seat === null) return;
    const agent = this.#agents.find((each) => each.session === seat.session);
    if (agent === undefined || agent.diedAtMs === null) return;
    const sinceMs = Math.max(agent.diedAtMs, seat.joinedAtMs, host.lastLostAtMs);
    const patienceMs = PING_SILENCE_MS + AGENT_RETURNS_MS;
    if (clock.nowMs - sinceMs > patienceMs + SLACK_MS) complain('DISPATCH-5', 'a dead agent is not given up');
  }

  /** The media server's list is asked for in time and believed (LEDGER-4). */
  #lookAtList(trouble: boolean): void {
    const { clock, complain, host, ledger, world } = this.#stage;
    const { model } = ledger;
    const askedAtMs = Math.max(world.judge.lastAskedAtMs('customersIn') ?? 0, model.requestedAtMs);
    if (clock.nowMs - Math.max(askedAtMs, host.lastLostAtMs) > COMPARED_EVERY_MS + SLACK_MS) {
      complain('LEDGER-4', 'the media server was not asked who is there');
    }
    const { list } = world.judge;
    if (list === null || list === this.#list) return;
    this.#list = list;
    if (trouble) return;
    if (model.customer !== null && !list.connections.includes(model.customer)) {
      complain('LEDGER-4', 'a customer who is gone by the room’s own list still counts as there');
    }
    const arrived = list.connections.at(-1);
    if (arrived !== undefined && !model.gone.has(arrived) && model.customer !== arrived) {
      complain('LEDGER-4', 'a customer who is there by the room’s own list does not count');
    }
  }

  /** As long as somebody waits for an agent, one is sought (DISPATCH-4, DISPATCH-5). */
  #lookForSuccessor(trouble: boolean): void {
    const { clock, complain, host, ledger, world } = this.#stage;
    const { model } = ledger;
    const { judge } = world;
    const { choice } = judge;
    for (const { subject } of judge.dispatches.splice(0)) {
      const stands = subject.includes(`"offer":${model.offer?.offer},`);
      if (!stands) complain('DISPATCH-1', 'a dispatch was placed for an offer that is over');
    }
    if (choice !== this.#choice && choice !== null) {
      this.#choice = choice;
      const kept = model.offer?.hostId === choice.hostId && model.offer?.atMs === choice.atMs;
      const back = choice.hostId === null || judge.wasAsked('releaseSeat', choice.hostId, choice.atMs);
      if (!trouble && !kept && !back) complain('DISPATCH-6', 'a seat that is not needed was not given back');
    }
    if (model.searchingSinceMs === null || model.offer !== null) return;
    if (model.customer === null && model.agents.length > 0 && !model.expected) return;
    const sinceMs = Math.max(this.#soughtSinceMs, host.lastLostAtMs);
    const askedAtMs = judge.lastAskedAtMs('chooseHost') ?? 0;
    if (clock.nowMs - Math.max(sinceMs, askedAtMs) > SOUGHT_MS + SLACK_MS)
      complain('DISPATCH-5', 'no agent is sought');
    if (askedAtMs < this.#soughtSinceMs && clock.nowMs - sinceMs > SLACK_MS) {
      complain('DISPATCH-5', 'no agent is sought after the last was lost');
    }
    const answeredMs = Math.max(choice?.atMs ?? 0, sinceMs);
    if (choice?.hostId !== null || askedAtMs > choice.atMs) return;
    if (clock.nowMs - answeredMs > ASKED_AGAIN_MS + SLACK_MS)
      complain('DISPATCH-4', 'no seat is asked for again');
  }
}
