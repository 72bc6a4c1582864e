import type { Context } from 'hono';
import { Hono } from 'hono';
import { callBackOf, callBackPage, settleCallBack } from '../../database/call-backs.ts';
import { nameInSight } from '../../domain/privacy/sight.ts';
import type { CallBack } from '../../protocol/api/call-backs.ts';
import * as contracts from '../../protocol/api/call-backs.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import { principalName } from '../access/principal.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { placeCursor, unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

export const callBackRoutes = new Hono<AppEnv>();

serve(callBackRoutes, contracts.listCallBacks, async (c, { query }) => {
  const after = query.cursor === undefined ? null : placeCursor(query.cursor);
  if (query.cursor !== undefined && after === null) return unknownCursor(c);
  const page = await callBackPage(c.env.DB, query.state ?? 'owed', after, rowsOf(query.limit));
  return { ...page, callBacks: page.callBacks.map((each) => seen(c, each)) };
});

serve(callBackRoutes, contracts.settleCallBack, async (c, { params: { callId } }) => {
  const owed = await callBackOf(c.env.DB, callId);
  if (owed === null) return refuse(c, 'not_found', 'No call back was promised in such a call.');
  if (owed.settledAtMs !== null) return { callBack: seen(c, owed) };
  const by = principalName(c.get('principal'));
  const entry = auditOf(c, 'callBack.settled', { subject: `call:${callId}` });
  await settleCallBack(c.env.DB, { callId, by, atMs: Date.now() }, entry);
  return { callBack: seen(c, (await callBackOf(c.env.DB, callId)) ?? owed) };
});

const seen = (c: Context<AppEnv>, callBack: CallBack): CallBack => ({
  ...callBack,
  contactName: nameInSight(callBack.contactName, sightIn(c)),
});
