import { resultsOwed } from '../../database/results.ts';
import type { Env } from '../../durable-objects/env.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { inLanes } from '../../durable-objects/in-lanes.ts';
import { log } from '../../durable-objects/log.ts';
import { resultModelOf } from '../../durable-objects/result-model.ts';

const CALLS_A_SWEEP = 50;
const AT_ONCE = 5;

/** The cron sweep: calls whose result still stands by rules alone are read by a model that is back (RESULT-1). */
export async function judgeOwed(env: Env, nowMs: number): Promise<void> {
  if (resultModelOf(env) === null) return;
  const callIds = await resultsOwed(env.DB, nowMs, CALLS_A_SWEEP);
  await inLanes(callIds, AT_ONCE, async (callId) => {
    try {
      await callRoomOf(env, callId).judge();
    } catch (error) {
      log('warn', 'a call could not be judged', { callId, error: String(error) });
    }
  });
}
