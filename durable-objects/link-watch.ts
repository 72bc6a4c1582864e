import type { Liveness } from '../domain/call/input.ts';
import type { CallState } from '../domain/call/state.ts';
import { AGENT_RETURN_MS } from '../domain/call/deadlines.ts';
import { hasEnded, presentAgent } from '../domain/call/state.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { AGENT, attachmentOf, close } from './sockets.ts';
import type { Surroundings } from './surroundings.ts';

/** Agents ping every 2 s; one silent for longer than this has lost its link, even if no close ever comes. */
const PING_SILENCE_MS = 5_000;
/** After its last ping an agent is silent for so long, then has its time to come back, then is given up (DISPATCH-5). */
const GIVEN_UP_MS = PING_SILENCE_MS + AGENT_RETURN_MS;

/**
 * Whether the serving agent's socket is there, and when anyone was last heard. Kept beside the ledger: a deploy drops
 * every socket, and that is no event in a call's life. Owns the two values in storage.
 */
export class LinkWatch {
  readonly #around: Surroundings;
  #lostAtMs: number | null;
  #signAtMs: number;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#lostAtMs = around.kv.get<number | null>('agentLinkLostAtMs') ?? null;
    this.#signAtMs = 0;
    // After a crash or a deploy no close event came: without a socket the link counts as lost from now.
    if (this.#lostAtMs === null && this.#agentSockets().length === 0) this.#lostAtMs = around.nowMs();
  }

  liveness(call: CallState): Liveness {
    const agent = presentAgent(call);
    // A link that was lost before this agent came is somebody else's.
    const lostAtMs =
      agent !== null && this.#lostAtMs !== null ? Math.max(this.#lostAtMs, agent.joinedAtMs) : null;
    return { agentLinkLostAtMs: lostAtMs, lastSignAtMs: this.#signAtMs };
  }

  linked(session: string, nowMs: number): void {
    this.#setLost(null);
    this.#signAtMs = nowMs;
    // A socket of an agent that was replaced has nothing more to say.
    for (const socket of this.#agentSockets()) {
      const attachment = attachmentOf(socket);
      if (attachment?.kind === 'agent' && attachment.session !== session && attachment.session !== null) {
        close(socket, closeCodes.superseded, 'another agent serves this call');
      }
    }
  }

  /** A socket closed or broke: the serving agent's link with it, unless another socket of the same agent stands. */
  dropped(socket: WebSocket, call: CallState, nowMs: number): void {
    const session = sessionOf(socket);
    // The socket of an agent that was given up says nothing about the one that serves now.
    if (session === null || session !== presentAgent(call)?.session) return;
    if (!this.#isLinked(session, nowMs, socket)) this.#lose(nowMs);
  }

  /** An agent without a socket lives as long as it keeps posting. */
  posted(session: string, nowMs: number): void {
    this.sign(nowMs);
    if (!this.#isLinked(session, nowMs)) this.#setLost(nowMs);
  }

  sign(nowMs: number): void {
    this.#signAtMs = Math.max(this.#signAtMs, nowMs);
  }

  /** Looks at the pings: a machine that vanished closes nothing. */
  check(call: CallState, nowMs: number): void {
    if (hasEnded(call)) return;
    const sockets = this.#agentSockets();
    for (const socket of sockets) {
      const pingedAtMs = this.#pingedAtMs(socket);
      this.sign(pingedAtMs);
      if (nowMs - pingedAtMs > PING_SILENCE_MS) close(socket, 1011, 'no ping');
    }
    // An agent that came back has a new socket while the old one may still stand, half open: the newest ping counts.
    const newestPingAtMs = this.#newestPingAtMs(call, sockets);
    if (newestPingAtMs === null || nowMs - newestPingAtMs <= PING_SILENCE_MS) return;
    this.#lose(newestPingAtMs + PING_SILENCE_MS);
  }

  /**
   * When the pings must be looked at again: as an agent that falls silent now would be given up. Looking sooner would
   * change nothing, and each alarm is paid for. Never when no agent serves or its loss is known: that has a deadline.
   */
  nextCheckAtMs(call: CallState): number {
    if (this.#lostAtMs !== null) return Number.POSITIVE_INFINITY;
    const pingedAtMs = this.#newestPingAtMs(call, this.#agentSockets());
    return pingedAtMs === null ? Number.POSITIVE_INFINITY : pingedAtMs + GIVEN_UP_MS;
  }

  /** When the serving agent was last heard on any of its sockets; null when it has none. */
  #newestPingAtMs(call: CallState, sockets: readonly WebSocket[]): number | null {
    const serving = presentAgent(call)?.session;
    const pings = sockets
      .filter((each) => serving !== undefined && sessionOf(each) === serving)
      .map((each) => this.#pingedAtMs(each));
    return pings.length === 0 ? null : Math.max(...pings);
  }

  /** Whether a socket of this agent, other than `gone`, stands and is not silent. */
  #isLinked(session: string, nowMs: number, gone?: WebSocket): boolean {
    return this.#agentSockets().some(
      (each) =>
        each !== gone && sessionOf(each) === session && nowMs - this.#pingedAtMs(each) <= PING_SILENCE_MS,
    );
  }

  #pingedAtMs(socket: WebSocket): number {
    const attachment = attachmentOf(socket);
    return this.#around.lastPingAtMs(socket) ?? (attachment?.kind === 'agent' ? attachment.connectedAtMs : 0);
  }

  #agentSockets(): readonly WebSocket[] {
    return this.#around.sockets(AGENT);
  }

  #lose(atMs: number): void {
    if (this.#lostAtMs === null) this.#setLost(atMs);
  }

  #setLost(atMs: number | null): void {
    this.#lostAtMs = atMs;
    this.#around.kv.put('agentLinkLostAtMs', atMs);
  }
}

/** The agent session a socket belongs to; null before its hello was accepted. */
function sessionOf(socket: WebSocket): string | null {
  const attachment = attachmentOf(socket);
  return attachment?.kind === 'agent' ? attachment.session : null;
}
