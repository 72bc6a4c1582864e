import { WebSocket } from 'ws';
import { serve } from './helper.ts';

/** Marks the words of a change with the moment it was made, epoch ms: the board shows it, and we subtract. */
const STAMP = /^at ([\d.]+) /;
/** Every dashboard is sent everything; one that also reads it all tells how late it is. */
const READING = 1;

interface Row {
  readonly callId: string;
  readonly lastWords: { readonly text: string } | null;
}

let latenciesMs: number[] = [];
let bytes = 0;
let deltas = 0;
let gaps = 0;
const lastStamp = new Map<string, string>();

/** Opens the dashboards; resolves when each has its snapshot. */
async function open(order: {
  readonly url: string;
  readonly cookie: string;
  readonly count: number;
}): Promise<void> {
  for (let index = 0; index < order.count; index++) {
    const socket = new WebSocket(order.url, { headers: { cookie: order.cookie }, perMessageDeflate: false });
    let version: number | null = null;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.on('message', (raw: Buffer) => {
        const atMs = Date.now();
        bytes += raw.length;
        const next = Number(/"version":(\d+)/.exec(raw.toString('latin1', 0, 200))?.[1]);
        if (version !== null && next !== version + 1) gaps++;
        version = next;
        deltas++;
        if (index < READING) look(raw, atMs);
        resolve();
      });
    });
  }
}

function look(raw: Buffer, atMs: number): void {
  const { calls } = JSON.parse(raw.toString()) as { calls: readonly Row[] };
  for (const { callId, lastWords } of calls) {
    const stamp = STAMP.exec(lastWords?.text ?? '')?.[1];
    if (stamp === undefined || lastStamp.get(callId) === stamp) continue;
    lastStamp.set(callId, stamp);
    latenciesMs.push(atMs - Number(stamp));
  }
}

/** What was seen since the last time, and begins anew. `gaps` counts deltas whose number does not follow. */
function collect(): { latenciesMs: number[]; bytes: number; deltas: number; gaps: number } {
  const seen = { latenciesMs, bytes, deltas, gaps };
  latenciesMs = [];
  bytes = deltas = gaps = 0;
  return seen;
}

const handlers = { open, collect };
export type Dashboards = typeof handlers;
serve(handlers);
