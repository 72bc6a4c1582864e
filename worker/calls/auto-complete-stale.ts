import { callsNotEnded } from '../../database/calls.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import type { Env } from '../../durable-objects/env.ts';
import { log } from '../../durable-objects/log.ts';

/** Younger calls are looked after by their own alarm. */
const OLDER_THAN_MS = 10 * 60_000;
const CALLS_PER_SWEEP = 200;

/**
 * The cron sweep: calls that D1 still shows as open after a while are asked to look at their own deadlines. A second
 * pair of eyes, should an object's alarm ever be lost (LEDGER-4); it decides nothing itself.
 */
export async function autoCompleteStale(env: Env, nowMs: number): Promise<void> {
  const callIds = await callsNotEnded(env.DB, nowMs - OLDER_THAN_MS, CALLS_PER_SWEEP);
  for (const callId of callIds) {
    try {
      await callRoomOf(env, callId).look();
    } catch (error) {
      log('warn', 'a call could not be swept', { callId, error: String(error) });
    }
  }
}
