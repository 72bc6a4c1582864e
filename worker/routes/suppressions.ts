import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Suppression } from '../../database/suppressions.ts';
import { suppress, suppressionOf, suppressionPage, unsuppress } from '../../database/suppressions.ts';
import { numberInSight } from '../../domain/privacy/sight.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import { wakeDialersOf } from '../../durable-objects/wake-dialer.ts';
import * as contracts from '../../protocol/api/suppressions.ts';
import { principalName } from '../access/principal.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { placeCursor, unknownCursor } from '../http/cursor.ts';
import { serve } from '../http/serve.ts';
import { e164Of } from '../leads/phone.ts';
import { noNumber } from './leads.ts';

export const suppressionRoutes = new Hono<AppEnv>();

serve(suppressionRoutes, contracts.listSuppressions, async (c, { query }) => {
  const place = query.cursor === undefined ? null : placeCursor(query.cursor);
  const after = place === null ? null : { atMs: place.atMs, row: Number(place.callId) };
  if (query.cursor !== undefined && !Number.isSafeInteger(after?.row)) return unknownCursor(c);
  const phone = query.search === undefined ? null : e164Of(query.search.trim(), 'US');
  if (query.search !== undefined && phone === null) return noNumber(c, 'search');
  const page = await suppressionPage(c.env.DB, phone, after, rowsOf(query.limit));
  return { ...page, suppressions: page.suppressions.map((each) => seen(c, each)) };
});

serve(suppressionRoutes, contracts.addSuppression, async (c, { body: { phone: text, country, reason } }) => {
  const phone = e164Of(text.trim(), country);
  if (phone === null) return noNumber(c, 'phone');
  const by = {
    source: 'person',
    reason: reason.trim(),
    addedBy: principalName(c.get('principal')),
    callId: null,
  } as const;
  // Never which number: the list itself says it, and the log outlives the person.
  await suppress(c.env.DB, phone, by, Date.now(), [
    auditOf(c, 'suppression.added', { detail: 'one number' }),
  ]);
  c.executionCtx.waitUntil(wakeDialersOf(c.env, phone));
  const suppression = await suppressionOf(c.env.DB, phone);
  if (suppression === null) throw new Error('a number was suppressed and is not on the list');
  return { suppression: seen(c, suppression) };
});

serve(suppressionRoutes, contracts.removeSuppression, async (c, { body: { phone, reason } }) => {
  const entry = auditOf(c, 'suppression.removed', { detail: reason.trim() });
  if ((await suppressionOf(c.env.DB, phone)) === null) return { removed: false };
  return { removed: await unsuppress(c.env.DB, phone, entry) };
});

const seen = (c: Context<AppEnv>, each: Suppression): Suppression => ({
  ...each,
  phone: numberInSight(each.phone, sightIn(c)),
});
