import { Hono } from 'hono';
import { carrierNamed } from '../../database/carriers.ts';
import { allLines, lineNamed, putLine, removeLine } from '../../database/lines.ts';
import * as contracts from '../../protocol/api/telephony.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { profileNamed } from '../../database/profiles.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { trunkRefused } from '../telephony/refused.ts';
import { Trunks } from '../telephony/trunks.ts';

export const lineRoutes = new Hono<AppEnv>();

serve(lineRoutes, contracts.listLines, async (c) => ({ lines: await allLines(c.env.DB) }));

serve(lineRoutes, contracts.putLine, async (c, { params: { phone }, body }) => {
  const carrier = await carrierNamed(c.env.DB, body.carrierId);
  if (carrier === null) return refuse(c, 'not_found', 'There is no such carrier.');
  if (body.profile !== null && (await profileNamed(c.env.DB, body.profile)) === null)
    return refuse(c, 'profile_unknown', 'There is no such agent.');
  const before = await lineNamed(c.env.DB, phone);
  let ruleId: string | null = null;
  if (carrier.kind !== 'lab') {
    const { livekit } = c.get('settings');
    if (livekit === null) return refuse(c, 'media_unavailable', 'This deployment has no media server.');
    try {
      ruleId = await new Trunks(livekit).openLine(phone);
    } catch (error) {
      return trunkRefused(c, error);
    }
  }
  const line = { phone, ...body, ruleId, createdAtMs: before?.createdAtMs ?? Date.now() };
  const entry = auditOf(c, 'line.set', { subject: subjectOf(phone), detail: body.profile ?? 'nobody' });
  await putLine(c.env.DB, line, entry);
  return { line };
});

serve(lineRoutes, contracts.removeLine, async (c, { params: { phone } }) => {
  const line = await lineNamed(c.env.DB, phone);
  if (line === null) return refuse(c, 'not_found', 'This is none of our numbers.');
  await removeLine(c.env.DB, phone, auditOf(c, 'line.removed', { subject: subjectOf(phone) }));
  const { livekit } = c.get('settings');
  // Without its row it is answered by nobody, whatever the media server still does with it.
  if (livekit !== null && line.ruleId !== null)
    await new Trunks(livekit).closeLine(phone, line.ruleId).catch(() => undefined);
  return c.body(null, 204);
});

/** Without its plus, which no name in the log may have. */
const subjectOf = (phone: string): string => `line:${phone.slice(1)}`;
