import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { uuidv7 } from 'uuidv7';
import {
  addLead,
  campaignSettingsOf,
  changeLead,
  historyOf,
  leadNamed,
  leadPage,
} from '../../database/leads.ts';
import { campaignNamed } from '../../database/campaigns.ts';
import { queuedLead } from '../../database/dial-queue.ts';
import { suppressionOf } from '../../database/suppressions.ts';
import { judgeDial } from '../../domain/dial/judge.ts';
import { isZone } from '../../domain/dial/local-clock.ts';
import type { Lead } from '../../domain/lead/lead.ts';
import { MASK } from '../../domain/privacy/mask.ts';
import type { Sight } from '../../domain/privacy/sight.ts';
import { wakeDialer } from '../../durable-objects/wake-dialer.ts';
import { Uuid, rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/leads.ts';
import { CampaignSettingsSchema } from '../../protocol/campaign.ts';
import { DialDecisionSchema } from '../../protocol/dial.ts';
import { OutcomeSchema } from '../../protocol/primitives.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { callableNow } from '../leads/callable-now.ts';
import { leadInSight } from '../leads/sight.ts';
import { e164Of } from '../leads/phone.ts';
import { noSuchCampaign } from './campaigns.ts';

/** Dials and decisions that a lead's page shows. */
const HISTORY_ROWS = 50;

export const leadRoutes = new Hono<AppEnv>();

serve(leadRoutes, contracts.listLeads, async (c, { query }) => {
  const { cursor = null, search } = query;
  if (cursor !== null && !z.safeParse(Uuid, cursor).success) return unknownCursor(c);
  const sight = sightIn(c);
  const phone = search === undefined ? null : e164Of(search.trim(), 'US');
  const filter = {
    campaignId: query.campaign ?? null,
    status: query.status ?? null,
    phone,
    name: search === undefined || phone !== null ? null : search.trim(),
  };
  // Who may not see names may not feel for them either, letter by letter.
  if (filter.name !== null && sight !== 'clear') {
    return refuse(c, 'forbidden', 'Your role finds leads by their whole number.', {
      errors: [{ field: 'search', problem: 'not a whole number' }],
    });
  }
  const page = await leadPage(c.env.DB, filter, cursor, rowsOf(query.limit));
  return { ...page, leads: page.leads.map((lead) => leadInSight(lead, sight)) };
});

serve(leadRoutes, contracts.addLead, async (c, { params: { campaignId }, body: { country, lead } }) => {
  if ((await campaignSettingsOf(c.env.DB, campaignId)) === null) return noSuchCampaign(c);
  const phone = e164Of(lead.phone, country);
  if (phone === null) return noNumber(c, 'lead.phone');
  if (lead.zone !== null && !isZone(lead.zone)) return noZone(c, 'lead.zone');
  const leadId = c.get('newId') ?? uuidv7();
  const same = { campaignId, phone, status: null, name: null };
  const [there] = (await leadPage(c.env.DB, same, null, 1)).leads;
  if (there !== undefined && there.leadId !== leadId) return alreadyThere(c);
  const entry = auditOf(c, 'lead.added', { subject: `lead:${leadId}`, detail: `campaign ${campaignId}` });
  const given = { leadId, campaignId, lead: { ...lead, phone }, atMs: Date.now() };
  await addLead(c.env.DB, given, entry);
  const added = await leadNamed(c.env.DB, leadId);
  if (added === null) return alreadyThere(c);
  c.executionCtx.waitUntil(wakeDialer(c.env, campaignId));
  return { lead: leadInSight(added, sightIn(c)) };
});

serve(leadRoutes, contracts.getLead, async (c, { params: { leadId } }) => {
  const lead = await leadNamed(c.env.DB, leadId);
  if (lead === null) return noSuchLead(c);
  const sight = sightIn(c);
  const [history, suppression, settings] = await Promise.all([
    historyOf(c.env.DB, leadId, HISTORY_ROWS),
    suppressionOf(c.env.DB, lead.phone),
    campaignSettingsOf(c.env.DB, lead.campaignId),
  ]);
  const nowMs = Date.now();
  const windows = settings === null ? null : z.parse(CampaignSettingsSchema, JSON.parse(settings)).windows;
  return {
    lead: leadInSight(lead, sight),
    dials: history.dials.map((dial) => ({
      ...dial,
      outcome: dial.outcome === null ? null : z.parse(OutcomeSchema, dial.outcome),
    })),
    decisions: history.decisions.map((record) => decisionInSight(record, sight)),
    now: await judgedNow(c, lead, callableNow(lead, { suppressed: suppression !== null, windows, nowMs })),
  };
});

/** What the hours allow, the judge of dials may still refuse: caps, consent, attempts. */
async function judgedNow(
  c: Context<AppEnv>,
  lead: Lead,
  now: ReturnType<typeof callableNow>,
): Promise<ReturnType<typeof callableNow>> {
  if (!now.allowed) return now;
  const [queued, campaign] = await Promise.all([
    queuedLead(c.env.DB, lead.leadId),
    campaignNamed(c.env.DB, lead.campaignId),
  ]);
  if (queued === null || campaign === null) return now;
  const { verdict, because } = judgeDial(queued.lead, campaign, queued.history, Date.now());
  return { ...now, allowed: verdict === 'allowed', because };
}

/** Refused for good, for want of what a person has now given: it waits again. */
const hoursUnknown: ReadonlySet<string | null> = new Set(['zoneUnknown', 'neverOpen']);
const revives = (lead: Lead, given: { readonly zone?: unknown; readonly postalCode?: unknown }): boolean =>
  lead.status === 'exhausted' &&
  hoursUnknown.has(lead.lastOutcome) &&
  (given.zone !== undefined || given.postalCode !== undefined);

serve(leadRoutes, contracts.changeLead, async (c, { params: { leadId }, body }) => {
  const before = await leadNamed(c.env.DB, leadId);
  if (before === null) return noSuchLead(c);
  if (body.zone !== undefined && body.zone !== null && !isZone(body.zone)) return noZone(c, 'zone');
  const wish =
    body.status === undefined && revives(before, body) ? { ...body, status: 'waiting' as const } : body;
  const refusal = wish.status === undefined ? null : await statusRefusal(c, before, wish.status);
  if (refusal !== null) return refusal;
  // Which parts, never what they say.
  const detail = Object.keys(wish)
    .map((part) => (part === 'status' ? (wish.status ?? part) : part))
    .join(', ');
  const entry = auditOf(c, 'lead.changed', { subject: `lead:${leadId}`, detail });
  await changeLead(c.env.DB, leadId, wish, entry);
  const lead = await leadNamed(c.env.DB, leadId);
  if (lead === null) return noSuchLead(c);
  if (wish.status !== undefined && lead.status !== wish.status) return busyOrBarred(c, lead);
  c.executionCtx.waitUntil(wakeDialer(c.env, lead.campaignId));
  return { lead: leadInSight(lead, sightIn(c)) };
});

serve(leadRoutes, contracts.revealLead, async (c, { params: { leadId }, body: { reason } }) => {
  const lead = await leadNamed(c.env.DB, leadId);
  if (lead === null) return noSuchLead(c);
  // Written first: nothing is shown that is not recorded (PRIVACY-4).
  await audit(c, 'personalData.revealed', { subject: `lead:${leadId}`, detail: reason.trim() });
  return { lead };
});

async function statusRefusal(
  c: Context<AppEnv>,
  lead: Lead,
  wanted: 'waiting' | 'withdrawn',
): Promise<Response | null> {
  if (lead.status === 'dialling') return busyOrBarred(c, lead);
  if (wanted === 'waiting' && (await suppressionOf(c.env.DB, lead.phone)) !== null)
    return busyOrBarred(c, { ...lead, status: 'doNotCall' });
  return null;
}

/** Why a lead did not take the status that was asked for. */
const busyOrBarred = (c: Context<AppEnv>, { status }: Pick<Lead, 'status'>): Response =>
  status === 'dialling'
    ? refuse(c, 'conflict', 'This lead is being called at the moment.', {
        detail: 'Try again when the call has ended.',
      })
    : refuse(c, 'conflict', 'This number is on the do-not-call list.', {
        detail: 'Somebody who may has to take it off the list first.',
      });

/** Evidence of consent came out of the file. */
function decisionInSight(record: string, sight: Sight) {
  const decision = z.parse(DialDecisionSchema, JSON.parse(record));
  const { consent } = decision;
  if (sight === 'clear' || consent.evidence === null) return decision;
  return { ...decision, consent: { ...consent, evidence: MASK } };
}

const alreadyThere = (c: Context<AppEnv>): Response =>
  refuse(c, 'conflict', 'This campaign has the number already.', {
    detail: 'Look for it among its leads.',
    errors: [{ field: 'lead.phone', problem: 'in the campaign already' }],
  });
const noSuchLead = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such lead.');
export const noNumber = (c: Context<AppEnv>, field: string): Response =>
  refuse(c, 'malformed', 'This is no number that can be called.', {
    detail: 'Write it with its country, as +1 212 555 0100.',
    errors: [{ field, problem: 'not a number that can be called' }],
  });
const noZone = (c: Context<AppEnv>, field: string): Response =>
  refuse(c, 'malformed', 'This is no time zone.', {
    detail: 'Name one of the IANA database, as America/New_York.',
    errors: [{ field, problem: 'not an IANA time zone' }],
  });
