import ReconnectingWebSocket from 'partysocket/ws';
import { isFinalClose } from '../../../../protocol/refusal.ts';
import { backoffMs } from './backoff.ts';

const PING_EVERY_MS = 10_000;
/** No pong within this and the connection is dead, whatever the network card believes. */
const PONG_WITHIN_MS = 5_000;
/** A connection that lasted this long starts its next backoff from the beginning. */
const HEALTHY_AFTER_MS = 5_000;
const CONNECT_WITHIN_MS = 6_000;

export interface SocketEars {
  /** Asked before every attempt: it names what was received so far. */
  path(): string;
  text(text: string): void;
  pong(): void;
  /** `finalCode` is set when the server said not to come back. */
  lost(finalCode: number | null): void;
}

/** One live WebSocket: reconnects with jitter, proves itself by ping and pong, wakes with the network and the tab. */
export class LiveSocket {
  readonly #ears: SocketEars;
  readonly #socket: ReconnectingWebSocket;
  readonly #stop = new AbortController();
  /** Attempts since the last healthy connection; null before the very first, which does not wait. */
  #attempt: number | null = null;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  #healthyTimer: ReturnType<typeof setTimeout> | undefined;
  #endWait: (() => void) | undefined;

  constructor(ears: SocketEars) {
    this.#ears = ears;
    this.#socket = new ReconnectingWebSocket(() => this.#nextUrl(), undefined, {
      // The waiting is done in #nextUrl, with jitter, and can be cut short.
      minReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      connectionTimeout: CONNECT_WITHIN_MS,
      maxEnqueuedMessages: 0,
      shouldReconnectOnClose: (event) => !isFinalClose(event.code),
    });
    this.#socket.addEventListener('open', () => this.#opened());
    this.#socket.addEventListener('message', (event) => this.#received(event.data));
    this.#socket.addEventListener('close', (event) => this.#closed(event.code));
    const { signal } = this.#stop;
    window.addEventListener('online', () => this.#wake(), { signal });
    window.addEventListener('offline', () => this.#ping(), { signal });
    document.addEventListener('visibilitychange', () => this.#wake(), { signal });
  }

  /** Drops the connection and starts over: what arrived does not add up. */
  startOver(): void {
    this.#socket.reconnect();
  }

  close(): void {
    this.#stop.abort();
    this.#stopTimers();
    this.#socket.close();
    this.#endWait?.();
  }

  async #nextUrl(): Promise<string> {
    const attempt = this.#attempt;
    this.#attempt = attempt === null ? 0 : attempt + 1;
    if (attempt !== null) await this.#wait(backoffMs(attempt, Math.random()));
    const origin = location.origin.replace(/^http/, 'ws');
    return origin + this.#ears.path();
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #opened(): void {
    this.#healthyTimer = setTimeout(() => (this.#attempt = 0), HEALTHY_AFTER_MS);
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  #received(data: unknown): void {
    if (data === 'pong') {
      clearTimeout(this.#pongTimer);
      this.#pongTimer = undefined;
      this.#ears.pong();
    } else if (typeof data === 'string') {
      this.#ears.text(data);
    }
  }

  #closed(code: number): void {
    this.#stopTimers();
    if (!this.#stop.signal.aborted) this.#ears.lost(isFinalClose(code) ? code : null);
  }

  #ping(): void {
    if (this.#socket.readyState !== WebSocket.OPEN || this.#pongTimer !== undefined) return;
    this.#socket.send('ping');
    this.#pongTimer = setTimeout(() => this.startOver(), PONG_WITHIN_MS);
  }

  /** The network or the tab is back: prove the connection now, or stop waiting for the next attempt. */
  #wake(): void {
    if (document.visibilityState === 'hidden') return;
    this.#ping();
    this.#endWait?.();
  }

  #stopTimers(): void {
    clearInterval(this.#pingTimer);
    clearTimeout(this.#pongTimer);
    clearTimeout(this.#healthyTimer);
    this.#pongTimer = undefined;
  }
}
