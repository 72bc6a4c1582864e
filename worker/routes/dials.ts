import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { campaignNamed } from '../../database/campaigns.ts';
import { decisionPage, decisionsAfter } from '../../database/decisions.ts';
import { changeDialLimits, dialLimits } from '../../database/dial-limits.ts';
import { queuedLead, queuedLeads } from '../../database/dial-queue.ts';
import { overallStats } from '../../database/overall-stats.ts';
import { interestIn } from '../../database/results.ts';
import { spentBy } from '../../database/prices.ts';
import { CHAIN_START, follow } from '../../domain/dial/chain.ts';
import { judgeDial } from '../../domain/dial/judge.ts';
import { nameInSight, numberInSight } from '../../domain/privacy/sight.ts';
import { fillIn } from '../../domain/lead/script.ts';
import { dialerOf } from '../../durable-objects/env.ts';
import { sha256 } from '../../durable-objects/sha256.ts';
import { MANUAL } from '../../durable-objects/dialer/dial-steps.ts';
import * as contracts from '../../protocol/api/campaigns.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import { callLead } from '../../protocol/api/leads.ts';
import { principalName } from '../access/principal.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { knownPlaceholders, unknownPlaceholders } from '../campaigns/start-problems.ts';
import { numberCursor, unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { noSuchCampaign } from './campaigns.ts';

const NEXT_DIALS = 20;
const RECORDS_A_PAGE = 500;

export const dialRoutes = new Hono<AppEnv>();

serve(dialRoutes, contracts.previewScript, async (c, { params: { campaignId }, body }) => {
  if ((await campaignNamed(c.env.DB, campaignId)) === null) return noSuchCampaign(c);
  const [first] = body.leadId === null ? await queuedLeads(c.env.DB, campaignId, null, 1) : [];
  const queued = body.leadId === null ? first : await queuedLead(c.env.DB, body.leadId);
  if (body.leadId !== null && queued?.lead.campaignId !== campaignId)
    return refuse(c, 'not_found', 'The campaign has no such lead.');
  const { phone = '', name = null, email = null, fields = {} } = queued?.lead ?? {};
  const sight = sightIn(c);
  // Shown to somebody who may not see all of it, it is filled in with what they see.
  const lead = {
    phone: numberInSight(phone, sight),
    name: nameInSight(name, sight),
    email: email === null || sight === 'clear' ? email : '••••',
    fields: sight === 'clear' ? fields : Object.fromEntries(Object.keys(fields).map((key) => [key, '••••'])),
  };
  const filled = (template: string): string =>
    queued === undefined ? template : fillIn(template, lead).text;
  return {
    script: filled(body.script),
    greeting: filled(body.greeting),
    voicemailMessage: filled(body.voicemailMessage),
    unknown: await unknownPlaceholders(c.env.DB, body, campaignId),
    known: await knownPlaceholders(c.env.DB, campaignId),
  };
});

serve(dialRoutes, contracts.listNextDials, async (c, { params: { campaignId } }) => {
  const campaign = await campaignNamed(c.env.DB, campaignId);
  if (campaign === null) return noSuchCampaign(c);
  const nowMs = Date.now();
  const sight = sightIn(c);
  const queued = await queuedLeads(c.env.DB, campaignId, null, NEXT_DIALS);
  const nextDials = queued.map(({ lead, history }) => {
    const judgement = judgeDial(lead, campaign, history, nowMs);
    const due = lead.nextAttemptAtMs <= nowMs;
    return {
      leadId: lead.leadId,
      name: nameInSight(lead.name, sight),
      phone: numberInSight(lead.phone, sight),
      zone: judgement.judgedIn?.zone ?? null,
      localTime: judgement.judgedIn?.localTime ?? null,
      allowedNow: due && judgement.verdict === 'allowed',
      because: judgement.verdict === 'allowed' && !due ? 'It waits for its next attempt.' : judgement.because,
      nextAttemptAtMs: Math.max(lead.nextAttemptAtMs, judgement.nextOpenAtMs ?? 0),
    };
  });
  const [spentMicros, interest] = await Promise.all([
    spentBy(c.env.DB, campaignId),
    interestIn(c.env.DB, campaignId),
  ]);
  return { nextDials, spentMicros, interest };
});

serve(dialRoutes, contracts.listDecisions, async (c, { params: { campaignId }, query }) => {
  const before = query.cursor === undefined ? null : numberCursor(query.cursor);
  if (query.cursor !== undefined && before === null) return unknownCursor(c);
  if ((await campaignNamed(c.env.DB, campaignId)) === null) return noSuchCampaign(c);
  return decisionPage(c.env.DB, campaignId, before, rowsOf(query.limit));
});

serve(dialRoutes, contracts.verifyDecisions, async (c, { params: { campaignId } }) => {
  if ((await campaignNamed(c.env.DB, campaignId)) === null) return noSuchCampaign(c);
  let head = { seq: 0, hash: CHAIN_START };
  for (;;) {
    const page = await decisionsAfter(c.env.DB, campaignId, head.seq, RECORDS_A_PAGE);
    const followed = follow(head, page, sha256);
    if (!followed.ok) return { records: head.seq, intact: false, brokenAtSeq: followed.brokenAtSeq };
    head = followed.head;
    if (page.length > 0) continue;
    // That records are missing at its end only its writer knows.
    const end = await dialerOf(c.env, campaignId).chainHead(campaignId);
    if (end.seq === head.seq && end.hash === head.hash)
      return { records: head.seq, intact: true, brokenAtSeq: null };
    // It may have grown while it was followed.
    const grown = await decisionsAfter(c.env.DB, campaignId, head.seq, 1);
    if (grown.length === 0) return { records: head.seq, intact: false, brokenAtSeq: head.seq + 1 };
  }
});

serve(dialRoutes, callLead, async (c, { params: { leadId } }) => {
  const callId = c.get('newId') ?? uuidv7();
  const by = principalName(c.get('principal'));
  const called = await dialerOf(c.env, MANUAL).callByHand(leadId, callId, by);
  if (called.kind === 'unknown') return refuse(c, 'not_found', 'There is no such lead.');
  if (called.kind === 'refused') return refuse(c, 'dial_refused', called.because);
  await audit(c, 'lead.called', { subject: `lead:${leadId}`, detail: `call:${called.callId}` });
  return { callId: called.callId };
});

serve(dialRoutes, contracts.getOverallStats, (c) => overallStats(c.env.DB, Date.now()));

serve(dialRoutes, contracts.getDialLimits, async (c) => ({ limits: await dialLimits(c.env.DB) }));

serve(dialRoutes, contracts.setDialLimits, async (c, { body: limits }) => {
  const before = await dialLimits(c.env.DB);
  const detail = (['concurrency', 'callsPerSecond'] as const)
    .filter((each) => before[each] !== limits[each])
    .map((each) => `${each} ${before[each]} → ${limits[each]}`)
    .join(', ');
  // Dialers that wait for room look again within seconds.
  if (detail !== '') await changeDialLimits(c.env.DB, limits, auditOf(c, 'dialLimits.changed', { detail }));
  return { limits };
});
