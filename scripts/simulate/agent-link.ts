import type { AgentDown, Observed } from '../../protocol/agent.ts';
import { isFinalClose } from '../../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { AgentTalk } from './agent-talk.ts';
import type { Chance } from './random.ts';
import type { SimulatedSocket } from './socket.ts';
import type { Stage } from './stage.ts';

const PING_EVERY_MS = 2_000;
const POST_EVERY_MS = 1_000;
/** A message's longest way through a socket. */
const ON_ITS_WAY_MS = 500;
/** On a link that stands each observation is answered by then: there, written behind another write, and back. */
const ANSWERED_MS = 2 * ON_ITS_WAY_MS + 500;

/** What the link tells its agent. */
export interface LinkOwner {
  readonly session: string;
  readonly identity: string;
  /** Whether no other agent served the call before. */
  readonly first: () => boolean;
  readonly welcomed: (ended: boolean) => void;
  readonly leave: () => void;
  /** Refused for good: leave without a word. */
  readonly refused: () => void;
  readonly settled: () => void;
}

/** One agent's socket to its call: says hello, repeats what is not acknowledged, is cut and comes back. */
export class AgentLink {
  /** Since when the far end has been welcomed on the present socket; null while it is not. */
  linkedSinceMs: number | null = null;
  /** When it was last lost; null before the first loss. */
  lostAtMs: number | null = null;
  /** Until when its network is down. */
  downUntilMs = 0;
  readonly #stage: Stage;
  readonly #chance: Chance;
  readonly #talk: AgentTalk;
  readonly #claims: { readonly offer: number; readonly hostId: string };
  readonly #owner: LinkOwner;
  #socket: SimulatedSocket | null = null;
  #stopped = false;
  /** Answers still to come on this socket, by observation id. */
  readonly #outstanding = new Map<string, number>();
  /** An acknowledged id that was sent again with other content: its next answer must be a refusal (LEDGER-1). */
  #forged: string | null = null;

  constructor(
    stage: Stage,
    chance: Chance,
    talk: AgentTalk,
    claims: { offer: number; hostId: string },
    owner: LinkOwner,
  ) {
    this.#stage = stage;
    this.#chance = chance;
    this.#talk = talk;
    this.#claims = claims;
    this.#owner = owner;
  }

  open(): void {
    this.#connect();
    this.#ping();
    this.#cutSometimes();
  }

  /** Sends what was observed in one moment; a network that repeats sends it twice, and some send it one by one. */
  send(observed: readonly Observed[]): void {
    this.#say({ type: 'interim', interim: this.#talk.interim() });
    if (this.#chance.happens(0.3)) this.#say({ type: 'activity', activity: 'speaking' });
    if (this.#chance.happens(0.5)) this.#observe(observed);
    else for (const each of observed) this.#observe([each]);
    if (this.#chance.happens(0.1)) this.#observe(observed);
    if (this.#chance.happens(0.1)) this.#forge();
  }

  /** The last words, for which the socket may be gone: then the same door takes a POST. */
  flush(): void {
    if (this.#stopped || this.#talk.queue.length === 0) return;
    if (this.linkedSinceMs === null && this.#stage.clock.nowMs >= this.downUntilMs) this.#post();
    this.#stage.clock.after(POST_EVERY_MS, () => this.flush());
  }

  stop(): void {
    this.#stopped = true;
    if (this.linkedSinceMs !== null) this.lostAtMs = this.#stage.clock.nowMs;
    this.linkedSinceMs = null;
  }

  hangUp(): void {
    this.#socket?.hangUp();
  }

  cut(): void {
    const heardLate = this.#chance.happens(this.#stage.weather.closeHeardLate);
    const lateMs = this.#chance.between(100, 6_000);
    this.#socket?.cut(heardLate ? lateMs : 0);
  }

  vanish(): void {
    this.#socket?.goSilent();
  }

  #connect(): void {
    if (this.#stopped) return;
    const { clock, host, weather } = this.#stage;
    this.#outstanding.clear();
    this.#forged = null;
    const query = { offer: String(this.#claims.offer), hostId: this.#claims.hostId };
    this.#socket = host.connect('agent', query, {
      heard: (message) => this.#heard(JSON.parse(message) as AgentDown),
      closed: (code) => {
        this.#socket = null;
        this.#stage.tell(`${this.#owner.identity} lost its link (${code})`);
        if (this.linkedSinceMs !== null) this.lostAtMs = clock.nowMs;
        this.linkedSinceMs = null;
        if (this.#stopped) return;
        if (isFinalClose(code)) return this.#owner.refused();
        const staysDown = this.#chance.happens(weather.linkStaysDown);
        const downMs = this.#chance.between(100, staysDown ? 25_000 : 2_000);
        this.downUntilMs = clock.nowMs + downMs;
        clock.after(downMs, () => this.#connect());
      },
    });
    this.#say({ type: 'hello', protocol: PROTOCOL_VERSION, ...this.#me() });
  }

  #me(): { session: string; identity: string; clockMs: number } {
    return {
      session: this.#owner.session,
      identity: this.#owner.identity,
      clockMs: Math.max(0, this.#talk.clockMs),
    };
  }

  #heard(message: AgentDown): void {
    if (this.#stopped) return;
    switch (message.type) {
      case 'welcome':
        this.linkedSinceMs = this.#stage.clock.nowMs;
        this.#stage.tell(`${this.#owner.identity} was welcomed${message.ended ? ' to an ended call' : ''}`);
        this.#checkWelcome(message);
        this.#observe([...this.#talk.queue]);
        return this.#owner.welcomed(message.ended);
      case 'ack':
        return this.#answered(message.id, 'ack');
      case 'refused':
        if (message.id !== undefined) this.#answered(message.id, message.code);
        return;
      case 'leave':
        return this.#owner.leave();
    }
  }

  #answered(id: string, code: string): void {
    this.#outstanding.set(id, (this.#outstanding.get(id) ?? 1) - 1);
    if (this.#forged === id) {
      this.#forged = null;
      if (code !== 'observation_conflict') {
        this.#stage.complain('LEDGER-1', `an id used for something else was answered with ${code}`);
      }
      return;
    }
    if (this.#talk.settle(id, code)) this.#owner.settled();
  }

  /** A successor is told all that was said, in speaking order (DISPATCH-5). */
  #checkWelcome(welcome: Extract<AgentDown, { type: 'welcome' }>): void {
    const { clock, ledger, complain } = this.#stage;
    const leftAtMs = ledger.model.seatOf(this.#owner.session)?.leftAtMs ?? null;
    if (!welcome.ended && leftAtMs !== null && clock.nowMs - leftAtMs > ON_ITS_WAY_MS) {
      complain('DISPATCH-3', 'an agent that was given up was welcomed again');
    }
    if (welcome.successor === this.#owner.first())
      complain('DISPATCH-5', 'a successor was told it is the first agent');
    const said = ledger.model.transcript(welcome.history.length).map((each) => each.text);
    const joinedAtMs = ledger.model.seatOf(this.#owner.session)?.joinedAtMs ?? 0;
    const before = ledger.model.words.filter((each) => each.atMs < joinedAtMs).length;
    if (welcome.history.length < before || welcome.history.map((each) => each.text).join() !== said.join()) {
      complain('DISPATCH-5', 'an agent was told another history than was written');
    }
  }

  #observe(observed: readonly Observed[]): void {
    if (this.linkedSinceMs === null || observed.length === 0) return;
    for (const { id } of observed) this.#outstanding.set(id, (this.#outstanding.get(id) ?? 0) + 1);
    this.#say({ type: 'observe', observations: observed });
    const socket = this.#socket;
    this.#stage.clock.after(ANSWERED_MS, () => {
      const stands = socket === this.#socket && this.linkedSinceMs !== null && !this.#stopped;
      if (stands && observed.some(({ id }) => (this.#outstanding.get(id) ?? 0) > 0))
        this.#stage.complain('LEDGER-1', 'an observation was never answered');
    });
  }

  /** A host that numbers its observations wrongly: something else under an id that was taken. */
  #forge(): void {
    const id = [...this.#talk.acked.keys()].at(-1);
    if (id === undefined || this.#forged !== null || this.linkedSinceMs === null) return;
    if ((this.#outstanding.get(id) ?? 0) > 0) return;
    this.#forged = id;
    const observation = { type: 'humanRequested', reason: 'something else' } as const;
    this.#say({ type: 'observe', observations: [{ id, observation }] });
  }

  #post(): void {
    const { host, complain } = this.#stage;
    const observations = [...this.#talk.queue];
    const answer = host.post(this.#claims, {
      hello: { type: 'hello', protocol: PROTOCOL_VERSION, ...this.#me() },
      observations,
    });
    if (answer === null) return;
    if (!('results' in answer)) return this.#owner.refused();
    if (answer.results.length !== observations.length) complain('LEDGER-1', 'a post was answered in part');
    for (const result of answer.results) {
      if (result.id !== undefined) this.#talk.settle(result.id, result.type === 'ack' ? 'ack' : result.code);
    }
    this.#owner.settled();
  }

  #say(message: object | 'ping'): void {
    this.#socket?.say(message === 'ping' ? message : JSON.stringify(message));
  }

  #ping(): void {
    if (this.#stopped) return;
    this.#say('ping');
    this.#stage.clock.after(PING_EVERY_MS, () => this.#ping());
  }

  #cutSometimes(): void {
    const { clock, weather } = this.#stage;
    if (weather.linkCutsPerMinute === 0) return;
    clock.after(this.#chance.between(1_000, Math.round(120_000 / weather.linkCutsPerMinute)), () => {
      if (this.#stopped) return;
      this.cut();
      this.#cutSometimes();
    });
  }
}
