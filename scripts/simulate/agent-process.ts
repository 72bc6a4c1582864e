import { AgentLink } from './agent-link.ts';
import { AgentTalk } from './agent-talk.ts';
import type { Observed } from '../../protocol/agent.ts';
import type { Chance } from './random.ts';
import type { Stage } from './stage.ts';

/** LiveKit notices a dead participant after this long. */
const MEDIA_TIMEOUT_MS = 21_000;
const FLUSH_MS = 20_000;

/** One agent's process: joins, serves while it is welcome, delivers what it owes, leaves when told, dies when it must. */
export class AgentProcess {
  readonly session: string;
  readonly identity: string;
  readonly hostId: string;
  readonly link: AgentLink;
  readonly talk: AgentTalk;
  alive = true;
  /** Over for this process, dead or not. */
  over = false;
  /** When it died; null while it lives. */
  diedAtMs: number | null = null;
  vanished = false;
  /** Since when it is in the room without having heard that it should go; null: not serving. */
  servingSinceMs: number | null = null;
  #leaving = false;
  readonly #stage: Stage;
  readonly #chance: Chance;

  constructor(stage: Stage, number: number, claims: { offer: number; hostId: string }) {
    this.#stage = stage;
    this.#chance = stage.chance.fork();
    this.hostId = claims.hostId;
    this.session = `session-${number}`;
    this.identity = `agent-${number}`;
    this.talk = new AgentTalk(stage, this.#chance.fork(), this.session);
    this.link = new AgentLink(stage, this.#chance.fork(), this.talk, claims, {
      session: this.session,
      identity: this.identity,
      first: () => stage.ledger.model.agents[0]?.session === this.session,
      welcomed: (ended) => this.#welcomed(ended),
      leave: () => this.#leave(),
      refused: () => this.#end(),
      settled: () => {
        if (this.#leaving && this.talk.queue.length === 0) this.#end();
      },
    });
    // Mostly warm; sometimes so late that the call was offered elsewhere meanwhile.
    stage.clock.after(this.#chance.delay(100, 20_000), () => this.#join());
  }

  get serving(): boolean {
    return this.servingSinceMs !== null;
  }

  /** The process is killed: its socket closes, the room notices much later. */
  kill(): void {
    if (!this.#die()) return;
    this.link.cut();
  }

  /** The machine is gone: nothing closes anywhere. */
  vanish(): void {
    if (!this.#die()) return;
    this.vanished = true;
    this.link.vanish();
  }

  /** The media server put it out. An agent whose network is down hears of it when it is back, as of all else. */
  removed(): void {
    this.#afterOutage(() => this.#end());
  }

  roomClosed(): void {
    this.#afterOutage(() => this.#leave());
  }

  #afterOutage(hear: () => void): void {
    const { clock } = this.#stage;
    const downMs = this.link.downUntilMs - clock.nowMs;
    if (downMs <= 0) {
      if (this.alive) hear();
      return;
    }
    clock.after(downMs + this.#chance.between(0, 3_000), () => {
      if (this.alive) hear();
    });
  }

  #join(): void {
    const { clock, weather, world } = this.#stage;
    if (this.over || world.room.closedAtMs !== null) return this.#end();
    world.room.present.set(this.identity, this.session);
    const dies = this.#chance.happens(weather.agentDies);
    const vanishes = this.#chance.happens(weather.machineVanishes);
    const afterMs = this.#chance.between(100, 60_000);
    if (dies) clock.after(afterMs, () => this.kill());
    else if (vanishes) clock.after(afterMs, () => this.vanish());
    this.link.open();
    this.#converse();
  }

  #welcomed(ended: boolean): void {
    if (!ended && !this.#leaving) this.servingSinceMs ??= this.#stage.clock.nowMs;
    if (ended) this.#leave();
  }

  #converse(): void {
    const slowly = this.#stage.customer.stays ? 8 : 1;
    this.#stage.clock.after(slowly * this.#chance.between(300, 6_000), () => {
      if (this.over || this.#leaving) return;
      if (this.serving) this.link.send(this.#observed());
      this.#converse();
    });
  }

  /** Mostly one thing, sometimes several in one moment: words, their measure, what they used. */
  #observed(): readonly Observed[] {
    const count = this.#chance.happens(0.3) ? this.#chance.between(2, 4) : 1;
    return Array.from({ length: count }, () => this.talk.next());
  }

  /** Told that it is over: what is not acknowledged is still delivered, then it goes. */
  #leave(): void {
    if (this.#leaving || this.over) return;
    this.servingSinceMs = null;
    this.#leaving = true;
    this.#stage.world.room.present.delete(this.identity);
    if (this.talk.queue.length === 0) return this.#end();
    this.link.flush();
    this.#stage.clock.after(FLUSH_MS, () => this.#end());
  }

  #die(): boolean {
    if (this.over) return false;
    this.alive = false;
    this.diedAtMs = this.#stage.clock.nowMs;
    this.#end();
    this.#stage.clock.after(MEDIA_TIMEOUT_MS, () => this.#stage.world.room.present.delete(this.identity));
    return true;
  }

  #end(): void {
    if (this.over) return;
    this.over = true;
    this.servingSinceMs = null;
    this.link.stop();
    if (!this.alive) return;
    this.#stage.world.room.present.delete(this.identity);
    this.link.hangUp();
  }
}
