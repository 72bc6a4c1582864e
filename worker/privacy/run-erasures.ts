import type { RunningErasure } from '../../database/erasures.ts';
import { callsToErase, failErasure, noteErased, runningErasures } from '../../database/erasures.ts';
import type { Env } from '../../durable-objects/env.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { log } from '../../durable-objects/log.ts';
import { inLanes } from '../../durable-objects/in-lanes.ts';
import { eraseWithoutLedger } from './remove-call.ts';

/** An erasure that is not through by then has failed: longer than any call, and than an outage lasts. */
const GIVEN_UP_AFTER_MS = 3 * 86_400_000;
/** Calls of one erasure in one round; the next sweep goes on. */
const CALLS_A_ROUND = 500;
const AT_ONCE = 8;

/**
 * Goes on with every erasure that is not through: what is done is in D1, so that the sweep resumes what a lost isolate left
 * (PRIVACY-7). A call in progress, or one whose copies are not all gone, is asked again in a later round.
 */
export async function runErasures(env: Env, nowMs: number): Promise<void> {
  for (const erasure of await runningErasures(env.DB)) {
    if (nowMs - erasure.requestedAtMs > GIVEN_UP_AFTER_MS) {
      log('error', 'an erasure was given up', { erasureId: erasure.id });
      await failErasure(env.DB, erasure.id, nowMs);
    } else await eraseCalls(env, erasure, nowMs);
  }
}

async function eraseCalls(env: Env, { id, requestedBy: by }: RunningErasure, nowMs: number): Promise<void> {
  const callIds = await callsToErase(env.DB, id, CALLS_A_ROUND);
  await inLanes(callIds, AT_ONCE, async (callId) => {
    try {
      const erased = await callRoomOf(env, callId).erase({ words: true, contact: true, by });
      if (erased === 'unknown') await eraseWithoutLedger(env, callId);
      if (erased === 'erased' || erased === 'unknown') await noteErased(env.DB, id, callId, nowMs);
    } catch (error) {
      log('warn', 'a call could not be erased', { erasureId: id, callId, error: String(error) });
    }
  });
}
