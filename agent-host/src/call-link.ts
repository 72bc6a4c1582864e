import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Observation } from '../../domain/call/input.ts';
import type { AgentDown, AgentUp } from '../../protocol/agent.ts';
import type { ConnectionQuality } from '../../protocol/supervision.ts';
import type { AgentActivity, Interim } from '../../protocol/interim.ts';
import type { CallLinkOptions } from './call-link-options.ts';
import {
  AgentDownSchema,
  OBSERVATIONS_AT_ONCE,
  ObservationBatchSchema,
  ObservationResultsSchema,
} from '../../protocol/agent.ts';
import { decodeMessage } from '../../protocol/codec.ts';
import { isFinalClose, refusalOfClose } from '../../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { backoffMs } from './backoff.ts';
import { Departure } from './departure.ts';
import { OutboundQueue, isMeasurement } from './outbound-queue.ts';
import { packed } from './pack.ts';

/** The door judges the agent's liveness by these, and the agent the door's. */
export const PING_EVERY_MS = 2_000;
/** A ping that is not answered this long means the connection is dead, though TCP may not know for minutes. */
export const PONG_WITHIN_MS = 3_000;
/** A handshake, and the welcome after it, may each take this long. */
const HANDSHAKE_MS = 3_000;
/** A dispatched job can be here before the ledger knows of its offer: `offer_unknown` is retried this long. */
export const OFFER_PATIENCE_MS = 3_000;
/** Without a welcome by then the call was offered to another host (DISPATCH-2): opening is given up. */
const OPEN_PATIENCE_MS = 12_000;

/** Refusals of a hello that say nothing about this agent. */
const passing: ReadonlySet<string> = new Set(['internal', 'rate_limited']);

export type Welcome = Extract<AgentDown, { type: 'welcome' }>;
export type Opened =
  { readonly ok: true; readonly welcome: Welcome } | { readonly ok: false; readonly code: string };

/**
 * One agent's WebSocket to its call's ledger. Observations stay owed until acknowledged and are sent again in order
 * after a reconnect (LEDGER-1); interims and activity are sent only while the door is open, and never again.
 */
export class CallLink {
  readonly #options: CallLinkOptions;
  readonly #session: string;
  readonly #queue = new OutboundQueue(randomUUID);
  readonly #departure: Departure;
  #socket: WebSocket | null = null;
  #welcomed = false;
  /** Set once: nothing is connected any more after it. */
  #closed: string | null = null;
  #left = false;
  #attempt = 0;
  #openedAtMs = 0;
  #lastRefusal: string | null = null;
  #opening: ((opened: Opened) => void) | null = null;
  #settled: (() => void)[] = [];
  #reconnect: NodeJS.Timeout | undefined;
  #pings: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: CallLinkOptions) {
    this.#options = options;
    this.#session = options.session ?? randomUUID();
    this.#departure = new Departure(() => this.#sendUnsent(), options.measuresWaitMs);
  }

  /** Says hello until welcomed or refused for good. An agent that is refused must leave without a word (DISPATCH-3). */
  open(): Promise<Opened> {
    this.#openedAtMs = Date.now();
    return new Promise((resolve) => {
      const patience = setTimeout(() => this.#stop('door_unreachable'), OPEN_PATIENCE_MS);
      this.#opening = (opened) => {
        clearTimeout(patience);
        this.#opening = null;
        resolve(opened);
      };
      this.#connect();
    });
  }

  observe(observation: Observation): void {
    const id = this.#queue.add(observation);
    if (id === null) {
      this.#options.log.warn('queue full, measurement dropped', { dropped: this.#queue.refusedMeasurements });
    } else if (isMeasurement(observation)) {
      this.#departure.withTheNext();
    } else {
      this.#departure.soon();
    }
  }

  /** Best effort: dropped while the door is closed or behind. */
  interim(interim: Interim): void {
    if (this.#queue.hasRoomForInterims) this.#sendIfOpen({ type: 'interim', interim });
  }

  activity(activity: AgentActivity): void {
    this.#sendIfOpen({ type: 'activity', activity });
  }

  /** Best effort, as activity is. */
  quality(quality: ConnectionQuality): void {
    this.#sendIfOpen({ type: 'quality', quality });
  }

  /** Observations not acknowledged yet. */
  get owed(): number {
    return this.#queue.owed;
  }

  /**
   * Waits until all is acknowledged, at most `withinMs`. While the socket cannot be had, the same door is tried as
   * POST. Returns how many observations are lost with this process; they are counted in the log, without their words.
   */
  async flush(withinMs: number): Promise<number> {
    const untilMs = Date.now() + withinMs;
    this.#sendUnsent();
    while (this.#queue.owed > 0 && Date.now() < untilMs) {
      if (this.#welcomed) await this.#nextSettlement(untilMs);
      else if (!(await this.#post(untilMs))) await sleep(Math.min(250, Math.max(0, untilMs - Date.now())));
    }
    if (this.#queue.owed > 0 && Date.now() >= untilMs) await this.#post(Date.now() + 1_000);
    if (this.#queue.owed > 0) this.#options.log.warn('observations lost', { count: this.#queue.owed });
    return this.#queue.owed;
  }

  close(): void {
    this.#stop('closed');
  }

  #connect(): void {
    if (this.#closed !== null) return;
    const { workerUrl, callId, doorToken } = this.#options;
    const url = `${workerUrl.replace(/^http/, 'ws')}/ws/agent/${encodeURIComponent(callId)}`;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${doorToken}` },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    this.#lastRefusal = null;
    let status = 0;
    socket.on('unexpected-response', (_request, response) => {
      status = response.statusCode ?? 0;
      response.resume();
      socket.terminate();
    });
    socket.on('open', () => {
      this.#expectAnswer(HANDSHAKE_MS);
      socket.send(JSON.stringify(this.#hello()));
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary && socket === this.#socket) this.#received((data as Buffer).toString('utf8'));
    });
    // Its `close` follows and decides.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (socket === this.#socket) this.#lost(status === 0 ? code : 4000 + status);
    });
  }

  #hello(): Extract<AgentUp, { type: 'hello' }> {
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: this.#session,
      identity: this.#options.identity,
      clockMs: Date.now(),
    };
  }

  #received(text: string): void {
    this.#answered();
    if (text === 'pong') return;
    const decoded = decodeMessage(AgentDownSchema, text);
    if (!decoded.ok) {
      this.#options.log.warn('message from the door not understood', {
        code: decoded.code,
        detail: decoded.detail,
      });
      return;
    }
    const message = decoded.message;
    switch (message.type) {
      case 'welcome':
        return this.#welcome(message);
      case 'steering':
        return this.#options.onSteering?.(message);
      case 'ack':
        return this.#settle(message.id);
      case 'leave':
        return this.#leave(message.reason);
      case 'refused':
        if (message.id === undefined) {
          this.#lastRefusal = message.code;
          if (!this.#welcomed) this.#socket?.close(1000);
        } else {
          this.#options.log.warn('observation refused', { code: message.code });
          this.#settle(message.id);
        }
    }
  }

  #welcome(welcome: Welcome): void {
    if (welcome.ended && this.#opening !== null) return this.#stop('call_ended');
    this.#welcomed = true;
    this.#attempt = 0;
    clearInterval(this.#pings);
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#opening?.({ ok: true, welcome });
    this.#sendUnsent();
    if (welcome.steering !== undefined) this.#options.onSteering?.(welcome.steering);
    // It ended while the socket was down: the late words go out, the agent goes.
    if (welcome.ended) this.#leave('the call has ended');
  }

  #ping(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send('ping');
    this.#expectAnswer(PONG_WITHIN_MS);
  }

  /** One deadline, for the oldest unanswered question; any message answers it. */
  #expectAnswer(withinMs: number): void {
    if (this.#deadline !== undefined) return;
    this.#deadline = setTimeout(() => {
      const suspect = this.#socket;
      // If it was this process that stood still, the answer is already here, behind this timer.
      this.#deadline = setTimeout(() => suspect?.terminate(), 50);
    }, withinMs);
  }

  #answered(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #lost(code: number): void {
    clearInterval(this.#pings);
    this.#answered();
    this.#socket = null;
    this.#welcomed = false;
    this.#queue.connectionLost();
    this.#wakeFlush();
    if (this.#closed !== null) return;
    const refusal = this.#lastRefusal ?? (isFinalClose(code) ? refusalOfClose(code) : null);
    if (refusal !== null && !passing.has(refusal) && !this.#mayBeEarly(refusal)) {
      this.#stop(refusal);
      return;
    }
    this.#reconnect = setTimeout(() => this.#connect(), backoffMs(this.#attempt++));
  }

  #mayBeEarly(refusal: string): boolean {
    const early = refusal === 'offer_unknown' || refusal === 'call_unknown' || refusal === 'not_found';
    return early && this.#opening !== null && Date.now() - this.#openedAtMs < OFFER_PATIENCE_MS;
  }

  #stop(code: string): void {
    if (this.#closed !== null) return;
    this.#closed = code;
    this.#departure.gone();
    clearTimeout(this.#reconnect);
    clearInterval(this.#pings);
    this.#answered();
    this.#socket?.close(1000);
    this.#welcomed = false;
    this.#wakeFlush();
    if (this.#opening !== null) this.#opening({ ok: false, code });
    else if (code !== 'closed') this.#leave(code);
  }

  #leave(reason: string): void {
    if (this.#left || this.#opening !== null) return;
    this.#left = true;
    this.#options.onLeave(reason);
  }

  #settle(id: string): void {
    this.#queue.settle(id);
    this.#wakeFlush();
  }

  #sendUnsent(): void {
    this.#departure.gone();
    if (!this.#welcomed || this.#socket?.readyState !== WebSocket.OPEN) return;
    for (const message of packed(this.#queue.takeUnsent())) this.#socket.send(message);
  }

  #sendIfOpen(message: AgentUp): void {
    if (this.#welcomed && this.#socket?.readyState === WebSocket.OPEN)
      this.#socket.send(JSON.stringify(message));
  }

  #nextSettlement(untilMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, untilMs - Date.now()));
      this.#settled.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wakeFlush(): void {
    for (const wake of this.#settled.splice(0)) wake();
  }

  /** True when the door took something. */
  async #post(untilMs: number): Promise<boolean> {
    const observations = [...this.#queue.oldest(OBSERVATIONS_AT_ONCE)];
    if (observations.length === 0) return false;
    const { workerUrl, callId, doorToken, log } = this.#options;
    const hello = this.#hello();
    try {
      const response = await fetch(
        `${workerUrl}/api/agent/calls/${encodeURIComponent(callId)}/observations`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${doorToken}`, 'content-type': 'application/json' },
          body: JSON.stringify(ObservationBatchSchema.parse({ hello, observations })),
          signal: AbortSignal.timeout(Math.max(200, untilMs - Date.now())),
        },
      );
      if (!response.ok) {
        log.warn('observations not taken', { status: response.status });
        return false;
      }
      const { results } = ObservationResultsSchema.parse(await response.json());
      for (const result of results) {
        if (result.type === 'refused') log.warn('observation refused', { code: result.code });
        if (result.id !== undefined) this.#settle(result.id);
      }
      return results.length > 0;
    } catch {
      return false;
    }
  }
}
