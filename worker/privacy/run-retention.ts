import { forgetOldRejects } from '../../database/imports.ts';
import { forgetOldLeads } from '../../database/lead-erasure.ts';
import { forgetOldKeys } from '../../database/idempotency.ts';
import {
  beginRun,
  callsEndedBefore,
  callsWithOldData,
  countRemoved,
  endRun,
  forgetEndedLinks,
  pruneAudit,
  readRetention,
} from '../../database/retention.ts';
import { forgetEndedSessions } from '../../database/sessions.ts';
import type { Env } from '../../durable-objects/env.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { log } from '../../durable-objects/log.ts';
import type { Retention } from '../../protocol/api/privacy.ts';
import { SESSION_LONGEST_MS } from '../accounts/accounts.ts';
import { inLanes } from '../../durable-objects/in-lanes.ts';
import { eraseWithoutLedger, removeCall } from './remove-call.ts';

const DAY_MS = 86_400_000;
/** Of each kind in one round; the next sweep goes on. */
const CALLS_A_ROUND = 300;
const ENTRIES_A_ROUND = 5_000;
const AT_ONCE = 8;
/** Rejected rows of a file can be downloaded this long. */
const REJECTS_KEPT_MS = 30 * DAY_MS;
/** Links that have ended are listed this long. */
const LINKS_KEPT_MS = 30 * DAY_MS;
/** The audit log's own rule counts in whole seconds. */
const SECOND_MS = 1_000;

/** The daily job (PRIVACY-8): what ended by itself goes at once, what is kept for a time in rounds. */
export async function beginRetention(env: Env, nowMs: number): Promise<void> {
  await forgetOldKeys(env.DB, nowMs);
  await forgetEndedSessions(env.DB, { openedBeforeMs: nowMs - SESSION_LONGEST_MS, nowMs });
  await forgetEndedLinks(env.DB, nowMs - LINKS_KEPT_MS);
  await forgetOldRejects(env.DB, nowMs - REJECTS_KEPT_MS);
  await beginRun(env.DB, nowMs);
  await goOnWithRetention(env);
}

/** One round of a run that is under way, by the times that stand now and the day it began. Ended when none is full. */
export async function goOnWithRetention(env: Env): Promise<void> {
  const { retention, runningSinceMs } = await readRetention(env.DB);
  if (runningSinceMs === null) return;
  const calls = await removeOldCalls(env, retention, runningSinceMs);
  const data = await eraseOldData(env, retention, runningSinceMs);
  const leads =
    retention.contactsDays === null
      ? 0
      : await forgetOldLeads(
          env.DB,
          before(retention.contactsDays, runningSinceMs),
          runningSinceMs,
          ENTRIES_A_ROUND,
        );
  const audit =
    retention.auditDays === null
      ? 0
      : await pruneAudit(env.DB, before(retention.auditDays, runningSinceMs) - SECOND_MS, ENTRIES_A_ROUND);
  await countRemoved(env.DB, {
    calls: calls.done,
    words: data.words,
    contacts: data.contacts + leads,
    audit,
  });
  const more =
    Math.max(calls.found, data.found) === CALLS_A_ROUND || Math.max(audit, leads) === ENTRIES_A_ROUND;
  if (!more) await endRun(env.DB, runningSinceMs);
}

/** What ended before this is kept no longer; nothing did before 0. */
const before = (days: number | null, nowMs: number): number => (days === null ? 0 : nowMs - days * DAY_MS);

async function removeOldCalls(
  env: Env,
  { callsDays }: Retention,
  nowMs: number,
): Promise<{ found: number; done: number }> {
  if (callsDays === null) return { found: 0, done: 0 };
  const callIds = await callsEndedBefore(env.DB, before(callsDays, nowMs), CALLS_A_ROUND);
  let done = 0;
  await inLanes(callIds, AT_ONCE, (callId) =>
    guarded(callId, async () => {
      if (await removeCall(env, callId)) done++;
    }),
  );
  return { found: callIds.length, done };
}

async function eraseOldData(
  env: Env,
  { wordsDays, contactsDays }: Retention,
  nowMs: number,
): Promise<{ found: number; words: number; contacts: number }> {
  const limits = { wordsMs: before(wordsDays, nowMs), contactMs: before(contactsDays, nowMs) };
  const old = await callsWithOldData(env.DB, limits, CALLS_A_ROUND);
  let words = 0;
  let contacts = 0;
  await inLanes(old, AT_ONCE, ({ callId, ...parts }) =>
    guarded(callId, async () => {
      const erased = await callRoomOf(env, callId).erase({ ...parts, by: 'system' });
      if (erased === 'unknown') await eraseWithoutLedger(env, callId);
      else if (erased !== 'erased') return;
      if (parts.words) words++;
      if (parts.contact) contacts++;
    }),
  );
  return { found: old.length, words, contacts };
}

/** One call that cannot be reached is left to the next day and keeps no other waiting. */
async function guarded(callId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log('warn', 'a call was kept longer than it should be', { callId, error: String(error) });
  }
}
