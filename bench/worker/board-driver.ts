import type { CallSummary } from '../../domain/call/summary.ts';
import { boardRowOf } from '../../durable-objects/board-row.ts';
import type { Env } from '../../durable-objects/env.ts';
import * as product from '../../worker/index.ts';

/**
 * Stands before the product's Worker in the board bench and nowhere else: `/bench/announce?calls=&seconds=` tells the
 * Board of a change a second in each of so many calls, as their own objects would.
 */
export const Board = product.Board;
export const CallRoom = product.CallRoom;
export const Fleet = product.Fleet;
export const { Notices, WebhookDesk } = product;

const TICK_MS = 10;
const STRETCHES = 32;

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/bench/announce') return product.default.fetch(request, env, ctx);
    const calls = Number(searchParams.get('calls'));
    const total = calls * Number(searchParams.get('seconds'));
    const board = env.BOARD.getByName('board');
    const startedAtMs = Date.now();
    const told: Promise<void>[] = [];
    while (told.length < total) {
      const due = Math.min(total, Math.floor(((Date.now() - startedAtMs) / 1000) * calls));
      while (told.length < due) {
        const index = told.length % calls;
        told.push(
          board.announce(boardRowOf(summary(index, startedAtMs, Math.floor(told.length / calls) + 1))),
        );
      }
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    await Promise.all(told);
    return Response.json({ announced: told.length });
  },
};

/** A call some minutes old: its ribbon is as long as it gets. */
function summary(index: number, startedAtMs: number, head: number): CallSummary {
  const requestedAtMs = startedAtMs - 180_000;
  return {
    callId: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    profile: 'auto-sales',
    channel: 'lab',
    media: 'silent',
    contactName: 'Bench',
    phase: 'inProgress',
    requestedAtMs,
    answeredAtMs: requestedAtMs + 800,
    endedAtMs: null,
    outcome: null,
    agentHost: 'silent',
    lastWords: {
      speaker: 'customer',
      text: `at ${Date.now()} the blue one with the tow bar, is it still there?`,
    },
    utterances: STRETCHES + head,
    latencyMs: 900,
    attention: null,
    ribbon: Array.from({ length: STRETCHES }, (_, n) => [
      n % 2 ? 'agent' : 'customer',
      n * 5_000,
      n * 5_000 + 4_000,
    ]),
    callBackPromisedAtMs: null,
    head,
  };
}
