import { ledgerKey } from '../../durable-objects/archive.ts';
import type { Stack } from '../stack/stack.ts';
import type { PlacedCall } from './callers.ts';
import type { Deployment } from './deployment.ts';
import type { CallRecord } from './evidence.ts';
import { readRecord } from './evidence.ts';

/** A job delivers its last words within 8 s of its call's end; what comes later is not waited for. */
const LAST_WORDS_MS = 10_000;
/** A caller that never came is given up after 60 s, and effects are retried for a while after an outage. */
const REST_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Waits until every call has ended and its copies have caught up with its ledger, then reads them all. What has not come
 * to rest by then is returned as it stands: the checks will say so.
 */
export async function gatherAtRest(
  stack: Stack,
  deployment: Deployment,
  placed: readonly PlacedCall[],
  say: (line: string) => void,
): Promise<CallRecord[]> {
  await pause(LAST_WORDS_MS);
  const deadlineMs = Date.now() + REST_WITHIN_MS;
  for (;;) {
    const calls: CallRecord[] = [];
    for (const callId of await everyCall(stack, placed)) {
      const its = placed.find((each) => each.callId === callId) ?? null;
      calls.push(await readRecord(deployment, callId, its));
    }
    const restless: string[] = [];
    for (const call of calls) if (!(await isAtRest(stack, call))) restless.push(call.callId);
    if (restless.length === 0) return calls;
    if (Date.now() > deadlineMs) {
      say(`${restless.length} calls have not come to rest: ${restless.join(', ')}`);
      return calls;
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Those the callers know of, and those whose request was written down but never answered. */
async function everyCall(stack: Stack, placed: readonly PlacedCall[]): Promise<ReadonlySet<string>> {
  const rows = await stack.worker.database.prepare('SELECT call_id FROM calls').all<{ call_id: string }>();
  return new Set([...placed.map((call) => call.callId), ...rows.results.map((row) => row.call_id)]);
}

async function isAtRest(stack: Stack, { callId, state }: CallRecord): Promise<boolean> {
  if (state.phase !== 'ended') return false;
  const row = await stack.worker.database
    .prepare('SELECT head FROM calls WHERE call_id = ?')
    .bind(callId)
    .first<number>('head');
  const archived = await stack.worker.archive.head(ledgerKey(callId));
  return row === state.head && archived?.customMetadata?.head === String(state.head);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
