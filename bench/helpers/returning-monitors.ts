import { WebSocket } from 'ws';
import { machineMs } from '../clock.ts';
import { serve } from './helper.ts';

/** First pause before another try, ms; it grows by half, a part of it is chance, as in the browser. */
const RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_500;
const AT_ONCE = 40;

/** A monitor that keeps its place: it comes back with the last number it has and counts whatever is not the next one. */
class ReturningMonitor {
  readonly #url: string;
  readonly #cookie: string;
  #epoch = '';
  last = 0;
  missed = 0;
  duplicated = 0;
  resets = 0;
  attempts = 0;
  droppedAtMs = 0;
  connectedAtMs = 0;
  /** When, after the drop, it had everything that stood in the ledger as it came back. */
  caughtUpAtMs = 0;
  #headOnReturn = Number.POSITIVE_INFINITY;

  constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  connect(): void {
    this.attempts++;
    const place = this.last > 0 ? `&since=${this.last}&epoch=${this.#epoch}` : '';
    const socket = new WebSocket(this.#url + place, {
      headers: { cookie: this.#cookie },
      perMessageDeflate: false,
    });
    socket.on('message', (raw: Buffer) => this.#heard(JSON.parse(raw.toString()) as Message));
    // A close follows.
    socket.on('error', () => undefined);
    socket.on('open', () => (this.connectedAtMs = machineMs()));
    socket.on('close', () => {
      if (this.droppedAtMs === 0) {
        this.droppedAtMs = machineMs();
        this.attempts = 0;
      }
      const pauseMs = Math.min(LONGEST_RETRY_MS, RETRY_MS * 1.5 ** this.attempts);
      setTimeout(() => this.connect(), pauseMs * (0.5 + Math.random()));
    });
  }

  #heard(message: Message): void {
    if (message.type === 'hello') {
      this.#epoch = message.epoch;
      if (this.droppedAtMs > 0) this.#headOnReturn = message.head;
    }
    if (message.type === 'reset') this.resets++;
    if (message.type === 'events') this.#count(message.events);
    if (this.last >= this.#headOnReturn && this.caughtUpAtMs === 0) this.caughtUpAtMs = machineMs();
  }

  #count(events: readonly { readonly seq: number }[]): void {
    for (const { seq } of events) {
      if (seq <= this.last) this.duplicated++;
      else this.missed += seq - this.last - 1;
      this.last = Math.max(this.last, seq);
    }
  }
}

type Message =
  | { readonly type: 'hello'; readonly epoch: string; readonly head: number }
  | { readonly type: 'events'; readonly events: readonly { readonly seq: number }[] }
  | { readonly type: 'reset' };

const monitors: ReturningMonitor[] = [];

/** Resolves when all of them have everything up to `head`. */
async function gather(order: {
  readonly url: string;
  readonly cookie: string;
  readonly count: number;
  readonly head: number;
}): Promise<void> {
  while (monitors.length < order.count) {
    for (let i = 0; i < AT_ONCE && monitors.length < order.count; i++) {
      const monitor = new ReturningMonitor(order.url, order.cookie);
      monitors.push(monitor);
      monitor.connect();
    }
    await all((monitor) => monitor.last >= order.head);
  }
}

/** What happened to each since its socket was dropped, once all have everything up to `head`. */
async function caughtUp({ head }: { readonly head: number }): Promise<{
  readonly droppedAtMs: number[];
  readonly connectedAtMs: number[];
  readonly caughtUpAtMs: number[];
  readonly missed: number;
  readonly duplicated: number;
  readonly resets: number;
  readonly attempts: number;
}> {
  await all((monitor) => monitor.caughtUpAtMs > 0 && monitor.last >= head);
  const sum = (count: (monitor: ReturningMonitor) => number): number =>
    monitors.reduce((total, each) => total + count(each), 0);
  return {
    droppedAtMs: monitors.map((each) => each.droppedAtMs),
    connectedAtMs: monitors.map((each) => each.connectedAtMs),
    caughtUpAtMs: monitors.map((each) => each.caughtUpAtMs),
    missed: sum((each) => each.missed),
    duplicated: sum((each) => each.duplicated),
    resets: sum((each) => each.resets),
    attempts: sum((each) => each.attempts),
  };
}

async function all(done: (monitor: ReturningMonitor) => boolean): Promise<void> {
  while (!monitors.every(done)) await new Promise((resolve) => setTimeout(resolve, 10));
}

const handlers = { gather, caughtUp };
export type ReturningMonitors = typeof handlers;
serve(handlers);
