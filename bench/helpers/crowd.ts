import { WebSocket } from 'ws';
import { machineMs } from '../clock.ts';
import { serve } from './helper.ts';

/** Handshakes under way at once. */
const AT_ONCE = 40;

/** Many monitors who only count. All of them get the same messages, so the last receiver of the nth closes the nth round. */
let size = 0;
let received = 0;
/** When the last of them had its nth message, machine ms. */
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
      socket.on('message', count);
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

function count(): void {
  received++;
  if (received % size !== 0) return;
  const nth = received / size;
  const atMs = machineMs();
  completedAtMs[nth] = atMs;
  waiting.get(nth)?.(atMs);
  waiting.delete(nth);
}

/** When everyone had `nth` messages, machine ms; waits for it. */
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
