import type { Liveness } from '../domain/call/input.ts';
import type { CallState } from '../domain/call/state.ts';
import { hasEnded, presentAgent } from '../domain/call/state.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { AGENT, attachmentOf, close } from './sockets.ts';
import type { Surroundings } from './surroundings.ts';

/** Agents ping every 2 s; one silent for longer than this has lost its link, even if no close ever comes. */
const PING_SILENCE_MS = 5_000;
const CHECK_EVERY_MS = 3_000;

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
    const serving = presentAgent(call)?.session ?? null;
    let newestPingAtMs: number | null = null;
    for (const socket of this.#agentSockets()) {
      const pingedAtMs = this.#pingedAtMs(socket);
      this.sign(pingedAtMs);
      if (nowMs - pingedAtMs > PING_SILENCE_MS) close(socket, 1011, 'no ping');
      const serves = serving !== null && sessionOf(socket) === serving;
      if (serves) newestPingAtMs = Math.max(newestPingAtMs ?? 0, pingedAtMs);
    }
    // An agent that came back has a new socket while the old one may still stand, half open: the newest ping counts.
    if (newestPingAtMs === null || nowMs - newestPingAtMs <= PING_SILENCE_MS) return;
    this.#lose(newestPingAtMs + PING_SILENCE_MS);
  }

  nextCheckAtMs(nowMs: number): number {
    return this.#agentSockets().length > 0 ? nowMs + CHECK_EVERY_MS : Number.POSITIVE_INFINITY;
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
