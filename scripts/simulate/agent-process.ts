import type { AgentDown, Observe } from '../../protocol/agent.ts';
import type { Observation } from '../../domain/call/input.ts';
import { isFinalClose } from '../../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { ObjectHost } from './object-host.ts';
import type { OutsideWorld, Weather } from './outside-world.ts';
import type { Chance } from './random.ts';
import type { SimulatedSocket } from './socket.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** LiveKit notices a dead participant after this long. */
const MEDIA_TIMEOUT_MS = 21_000;
const PING_EVERY_MS = 2_000;
const FLUSH_MS = 20_000;

export interface AgentWorld {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly host: ObjectHost;
  readonly world: OutsideWorld;
  readonly customerPresent: () => boolean;
}

/** One agent's process: joins, says hello, reports what is said, keeps what is not acknowledged, dies when it must. */
export class AgentProcess {
  readonly session: string;
  readonly identity: string;
  readonly hostId: string;
  readonly acked = new Map<string, Observation>();
  readonly queue: Observe[] = [];
  /** The door let it in and nobody has told it to leave. */
  serving = false;
  alive = true;
  /** Over for this process, dead or not. */
  over = false;
  readonly #with: AgentWorld;
  readonly #offer: number;
  readonly #skewMs: number;
  #socket: SimulatedSocket | null = null;
  #said = 0;
  #leaving = false;

  constructor(world: AgentWorld, number: number, claims: { offer: number; hostId: string }) {
    this.#with = world;
    this.#offer = claims.offer;
    this.hostId = claims.hostId;
    this.session = `session-${number}`;
    this.identity = `agent-${number}`;
    this.#skewMs = world.chance.between(-600_000, 600_000);
    // Mostly warm; sometimes so late that the call was offered elsewhere meanwhile.
    world.clock.after(world.chance.delay(100, 20_000), () => this.#join());
  }

  #join(): void {
    const { clock, chance, weather, world } = this.#with;
    if (world.room.closedAtMs !== null) return this.#end();
    world.room.present.set(this.identity, this.session);
    if (chance.happens(weather.agentDies)) clock.after(chance.between(100, 60_000), () => this.kill());
    else if (chance.happens(weather.machineVanishes)) clock.after(chance.between(100, 60_000), () => this.vanish());
    this.#connect();
    this.#ping();
    this.#converse();
    this.#cutLinks();
  }

  /** The process is killed: its socket closes, the room notices much later. */
  kill(): void {
    if (!this.#die()) return;
    this.#socket?.cut();
  }

  /** The machine is gone: nothing closes anywhere. */
  vanish(): void {
    if (!this.#die()) return;
    this.#socket?.goSilent();
  }

  removed(): void {
    if (this.alive) this.#end();
  }

  roomClosed(): void {
    if (this.alive) this.#leave();
  }

  #die(): boolean {
    if (this.over) return false;
    this.alive = false;
    this.#end();
    this.#with.clock.after(MEDIA_TIMEOUT_MS, () => this.#with.world.room.present.delete(this.identity));
    return true;
  }

  #connect(): void {
    if (this.over) return;
    const { clock, chance, host } = this.#with;
    this.#socket = host.connect(
      'agent',
      { offer: String(this.#offer), hostId: this.hostId },
      {
        heard: (message) => this.#heard(JSON.parse(message) as AgentDown),
        closed: (code) => {
          this.#socket = null;
          if (this.over) return;
          if (isFinalClose(code)) this.#end();
          else clock.after(chance.between(100, 2_000), () => this.#connect());
        },
      },
    );
    this.#say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: this.session,
      identity: this.identity,
      clockMs: Math.max(0, this.#clockMs()),
    });
  }

  #heard(message: AgentDown): void {
    if (this.over) return;
    switch (message.type) {
      case 'welcome':
        this.serving = !message.ended;
        for (const each of this.queue) this.#say(each);
        if (message.ended) this.#leave();
        return;
      case 'ack':
        return this.#settle(message.id, true);
      case 'refused':
        if (message.id !== undefined) this.#settle(message.id, false);
        return;
      case 'leave':
        return this.#leave();
    }
  }

  #settle(id: string, acknowledged: boolean): void {
    const at = this.queue.findIndex((each) => each.id === id);
    const [settled] = at === -1 ? [] : this.queue.splice(at, 1);
    if (settled !== undefined && acknowledged) this.acked.set(id, settled.observation);
    if (this.#leaving && this.queue.length === 0) this.#end();
  }

  /** Told that it is over: what is not acknowledged is still delivered, then it goes. */
  #leave(): void {
    if (this.#leaving || this.over) return;
    this.serving = false;
    this.#leaving = true;
    this.#with.world.room.present.delete(this.identity);
    if (this.queue.length === 0) this.#end();
    else this.#with.clock.after(FLUSH_MS, () => this.#end());
  }

  #end(): void {
    if (this.over) return;
    this.over = true;
    this.serving = false;
    if (this.alive) {
      this.#with.world.room.present.delete(this.identity);
      this.#socket?.hangUp();
    }
  }

  #converse(): void {
    const { clock, chance } = this.#with;
    clock.after(chance.between(300, 6_000), () => {
      if (this.over) return;
      if (this.serving && !this.#leaving) this.#observe();
      this.#converse();
    });
  }

  #observe(): void {
    const { chance, customerPresent } = this.#with;
    if (!customerPresent() && chance.happens(0.3)) {
      return this.#report({ type: 'sessionEnding', by: 'customer', reason: 'the customer left' });
    }
    const roll = chance.next();
    if (roll < 0.03) return this.#report({ type: 'sessionEnding', by: 'agent', reason: 'said goodbye' });
    if (roll < 0.04) return this.#report({ type: 'sessionEnding', by: 'error', reason: 'the model failed' });
    if (roll < 0.08) return this.#report({ type: 'humanRequested', reason: 'asked for a person' });
    const endedAtMs = Math.max(1, this.#clockMs());
    this.#report({
      type: 'wordsSpoken',
      utteranceId: `${this.session}:${++this.#said}`,
      speaker: this.#said % 2 === 0 ? 'customer' : 'agent',
      text: `words ${this.#said}`,
      startedAtMs: Math.max(0, endedAtMs - chance.between(200, 9_000)),
      endedAtMs,
      interrupted: chance.happens(0.1),
    });
  }

  #report(observation: Observation): void {
    const each: Observe = { type: 'observe', id: `${this.session}/${this.#said}/${observation.type}/${this.#with.clock.nowMs}`, observation };
    this.queue.push(each);
    this.#say(each);
    // A network that repeats: the same words arrive twice.
    if (this.#with.chance.happens(0.1)) this.#say(each);
  }

  #say(message: object): void {
    this.#socket?.say(JSON.stringify(message));
  }

  #ping(): void {
    if (this.over) return;
    this.#socket?.say('ping');
    this.#with.clock.after(PING_EVERY_MS, () => this.#ping());
  }

  #cutLinks(): void {
    const { clock, chance, weather } = this.#with;
    if (weather.linkCutsPerMinute === 0) return;
    clock.after(chance.between(1_000, Math.round(120_000 / weather.linkCutsPerMinute)), () => {
      if (this.over) return;
      this.#socket?.cut();
      this.#cutLinks();
    });
  }

  #clockMs(): number {
    return this.#with.clock.nowMs + this.#skewMs;
  }
}
