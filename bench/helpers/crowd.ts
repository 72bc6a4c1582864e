import { WebSocket } from 'ws';
import { machineMs } from '../clock.ts';
import { serve } from './helper.ts';

/** Handshakes under way at once. */
const AT_ONCE = 40;
const SEQ = '"seq":';

/** Many monitors who only count events, however many come in one message. The last receiver of the nth closes its round. */
let size = 0;
let received = 0;
/** How many of them have had the nth event. */
const reached: number[] = [];
/** When the last of them had it, machine ms. */
const completedAtMs: number[] = [];
const waiting = new Map<number, (atMs: number) => void>();

/** Resolves when all are connected and each has had `greetings` messages, which do not count. */
async function gather(order: {
  readonly url: string;
  readonly cookie: string;
  readonly count: number;
  readonly greetings: number;
}): Promise<void> {
  for (let from = 0; from < order.count; from += AT_ONCE) {
    const batch = Math.min(AT_ONCE, order.count - from);
    await Promise.all(Array.from({ length: batch }, () => join(order.url, order.cookie, order.greetings)));
  }
  size = order.count;
}

function join(url: string, cookie: string, greetings: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers: { cookie }, perMessageDeflate: false });
    let greeted = 0;
    const settle = (): void => {
      if (greeted < greetings || socket.readyState !== WebSocket.OPEN) return;
      socket.off('message', greet);
      let events = 0;
      socket.on('message', (raw: Buffer) => {
        const until = events + eventsIn(raw);
        while (events < until) count(++events);
      });
      resolve();
    };
    const greet = (): void => {
      greeted++;
      settle();
    };
    socket.on('message', greet);
    socket.on('error', reject);
    socket.once('open', settle);
  });
}

/** Each event has one number; looking for it costs less than parsing. */
function eventsIn(raw: Buffer): number {
  let events = 0;
  for (let at = raw.indexOf(SEQ); at !== -1; at = raw.indexOf(SEQ, at + SEQ.length)) events++;
  return events;
}

function count(nth: number): void {
  received++;
  const count = (reached[nth] ?? 0) + 1;
  reached[nth] = count;
  if (count < size) return;
  const atMs = machineMs();
  completedAtMs[nth] = atMs;
  waiting.get(nth)?.(atMs);
  waiting.delete(nth);
}

/** When everyone had the `nth` event, machine ms; waits for it. */
function completed({ nth }: { readonly nth: number }): Promise<number> | number {
  return completedAtMs[nth] ?? new Promise((resolve) => waiting.set(nth, resolve));
}

/** Deliveries so far, and the processor seconds this process has used. */
function tally(): { received: number; cpuSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { received, cpuSeconds: (user + system) / 1e6 };
}

const handlers = { gather, completed, tally };
export type Crowd = typeof handlers;
serve(handlers);
