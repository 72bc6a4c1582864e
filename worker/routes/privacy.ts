import { Hono } from 'hono';
import * as z from 'zod/mini';
import { uuidv7 } from 'uuidv7';
import { beginErasure, erasureNamed, erasurePage } from '../../database/erasures.ts';
import { changeRetention, readRetention } from '../../database/retention.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { Uuid, rowsOf } from '../../protocol/api/common.ts';
import type { Retention } from '../../protocol/api/privacy.ts';
import * as contracts from '../../protocol/api/privacy.ts';
import { principalName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { runErasures } from '../privacy/run-erasures.ts';
import { noSuchCall } from './calls.ts';

export const privacyRoutes = new Hono<AppEnv>();

serve(privacyRoutes, contracts.revealContact, async (c, { params: { callId }, body: { reason } }) => {
  const call = await callRoomOf(c.env, callId).summary();
  if (call === null) return noSuchCall(c);
  // Written first: nothing is shown that is not recorded (PRIVACY-4).
  await audit(c, 'personalData.revealed', { subject: `call:${callId}`, detail: reason.trim() });
  return { contact: { name: call.contactName } };
});

serve(privacyRoutes, contracts.erasePerson, async (c, { body: { of } }) => {
  const id = c.get('newId') ?? uuidv7();
  const by = principalName(c.get('principal'));
  const nowMs = Date.now();
  // Never whom: the log would be the last place that remembers the name.
  const detail = of.kind === 'calls' ? 'by calls' : "by the contact's name";
  const entry = auditOf(c, 'personalData.erased', { subject: `erasure:${id}`, detail });
  const erasure = await beginErasure(c.env.DB, { id, by, of, atMs: nowMs }, entry);
  c.executionCtx.waitUntil(runErasures(c.env, nowMs));
  return { erasure };
});

serve(privacyRoutes, contracts.getErasure, async (c, { params }) => {
  const erasure = await erasureNamed(c.env.DB, params.erasureId);
  return erasure === null ? refuse(c, 'not_found', 'There is no such erasure.') : { erasure };
});

serve(privacyRoutes, contracts.listErasures, (c, { query: { cursor, limit } }) => {
  if (cursor !== undefined && !z.safeParse(Uuid, cursor).success) return unknownCursor(c);
  return erasurePage(c.env.DB, cursor ?? null, rowsOf(limit));
});

serve(privacyRoutes, contracts.getRetention, async (c) => {
  const { retention, lastRun } = await readRetention(c.env.DB);
  return { retention, lastRun };
});

serve(privacyRoutes, contracts.setRetention, async (c, { body: retention }) => {
  const { retention: before } = await readRetention(c.env.DB);
  const detail = changes(before, retention);
  if (detail !== '') await changeRetention(c.env.DB, retention, auditOf(c, 'retention.changed', { detail }));
  return { retention };
});

const kinds = {
  wordsDays: 'words',
  contactsDays: 'contacts',
  callsDays: 'calls',
  auditDays: 'audit',
} as const;

/** "words 30 → 60 days, audit for ever → 365 days": only what changes. */
function changes(before: Retention, after: Retention): string {
  const days = (each: number | null): string => (each === null ? 'for ever' : `${each} days`);
  return (Object.keys(kinds) as (keyof Retention)[])
    .filter((kind) => before[kind] !== after[kind])
    .map((kind) => `${kinds[kind]} ${days(before[kind])} → ${days(after[kind])}`)
    .join(', ');
}
