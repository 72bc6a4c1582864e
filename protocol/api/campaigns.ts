import * as z from 'zod/mini';
import { CampaignProgressSchema } from '../campaign-progress.ts';
import { CampaignSchema, CampaignSettingsSchema } from '../campaign.ts';
import { DialDecisionSchema } from '../dial.ts';
import { AtMs, Count, Id, OutcomeSchema } from '../primitives.ts';
import { CursorSchema, LimitSchema, Uuid } from './common.ts';
import { InterestSchema } from '../result.ts';
import { contract } from './contract.ts';

const tag = 'Campaigns';
export const CampaignParams = z.strictObject({ campaignId: Uuid });
export const CampaignReplySchema = z.object({ campaign: CampaignSchema });

/** A campaign in a list: what it is, and how far it has come. */
export const CampaignRowSchema = z.object({ campaign: CampaignSchema, progress: CampaignProgressSchema });

export const listCampaigns = contract({
  method: 'GET',
  path: '/api/campaigns',
  summary: 'Campaigns, newest first; archived ones only when asked for',
  tag,
  query: z.strictObject({
    archived: z.optional(z.enum(['true', 'false'])),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ campaigns: z.array(CampaignRowSchema), nextCursor: z.nullable(z.string()) }),
});

export const createCampaign = contract({
  method: 'POST',
  path: '/api/campaigns',
  summary: 'Make a campaign: a draft, nothing is dialled',
  tag,
  body: CampaignSettingsSchema,
  status: 201,
  reply: CampaignReplySchema,
  idempotency: 'replay',
  leadsTo: { 'GET /api/campaigns/:campaignId': { param: 'campaignId', field: '/campaign/campaignId' } },
});

export const getCampaign = contract({
  method: 'GET',
  path: '/api/campaigns/:campaignId',
  summary: 'One campaign and its progress',
  tag,
  params: CampaignParams,
  status: 200,
  reply: CampaignRowSchema,
});

export const changeCampaign = contract({
  method: 'PUT',
  path: '/api/campaigns/:campaignId',
  summary: 'Change what is chosen of it, also while it runs. `version` is the one that was edited',
  tag,
  params: CampaignParams,
  body: z.strictObject({ version: Count, settings: CampaignSettingsSchema }),
  status: 200,
  reply: CampaignReplySchema,
});

export const duplicateCampaign = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/duplicate',
  summary: 'The same settings as a new draft, without leads',
  tag,
  params: CampaignParams,
  status: 201,
  reply: CampaignReplySchema,
  idempotency: 'replay',
});

/** Why a campaign cannot start: each says what to do. */
export const StartProblemSchema = z.object({
  code: z.enum([
    'noLeads',
    'neverOpens',
    'profileGone',
    'carrierGone',
    'placeholderUnknown',
    'callerIdUnknown',
    /** Nobody can be rung without a media server. */
    'mediaUnavailable',
    /** Of this month. */
    'budgetSpent',
  ]),
  message: z.string(),
});

const command = (name: 'pause' | 'resume' | 'stop' | 'archive', summary: string) =>
  contract({
    method: 'POST',
    path: `/api/campaigns/:campaignId/${name}`,
    summary,
    tag,
    params: CampaignParams,
    status: 200,
    reply: CampaignReplySchema,
  });
export const startCampaign = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/start',
  summary: 'Begin dialling now, or at `startsAtMs`. Refused with every reason why it could not',
  tag,
  params: CampaignParams,
  body: z.strictObject({ startsAtMs: z.nullable(AtMs) }),
  status: 200,
  reply: CampaignReplySchema,
});
export const pauseCampaign = command('pause', 'Dial nobody new; calls in progress go on');
export const resumeCampaign = command('resume', 'Go on dialling');
export const stopCampaign = command('stop', 'End it for good; calls in progress go on');
export const archiveCampaign = command('archive', 'Put it away: of the list, not of the record');

export const checkCampaign = contract({
  method: 'GET',
  path: '/api/campaigns/:campaignId/problems',
  summary: 'What would keep it from starting',
  tag,
  params: CampaignParams,
  status: 200,
  reply: z.object({ problems: z.array(StartProblemSchema) }),
});

export const previewScript = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/preview',
  summary: 'Script, greeting and voicemail message as they would be for a lead; null: the first one',
  tag,
  params: CampaignParams,
  body: z.strictObject({
    leadId: z.nullable(Uuid),
    script: z.string().check(z.maxLength(8_000)),
    greeting: z.string().check(z.maxLength(500)),
    voicemailMessage: z.string().check(z.maxLength(500)),
  }),
  status: 200,
  reply: z.object({
    script: z.string(),
    greeting: z.string(),
    voicemailMessage: z.string(),
    /** Placeholders that this campaign's leads have no column for. */
    unknown: z.array(z.string()),
    /** Placeholders that can be used. */
    known: z.array(z.string()),
  }),
});

/** A lead that is to be dialled next, with the clock where it is. */
export const NextDialSchema = z.object({
  leadId: Id,
  /** Masked by role. */
  name: z.nullable(z.string()),
  phone: z.string(),
  zone: z.nullable(z.string()),
  /** `2026-11-21T10:03`; null where no zone is known. */
  localTime: z.nullable(z.string()),
  allowedNow: z.boolean(),
  /** "Now", or why not and until when. */
  because: z.string(),
  nextAttemptAtMs: AtMs,
});
export const listNextDials = contract({
  method: 'GET',
  path: '/api/campaigns/:campaignId/next-dials',
  summary: 'The next leads to be dialled, and why not now; what was spent so far, and what came of it',
  tag,
  params: CampaignParams,
  status: 200,
  reply: z.object({
    nextDials: z.array(NextDialSchema),
    /** What its ended calls have cost, millionths of a US dollar. */
    spentMicros: z.int(),
    /** How many of its conversations showed how much interest. */
    interest: z.record(InterestSchema, Count),
  }),
});

export const listDecisions = contract({
  method: 'GET',
  path: '/api/campaigns/:campaignId/decisions',
  summary: 'Its chain of dial decisions, newest first',
  tag,
  params: CampaignParams,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ decisions: z.array(DialDecisionSchema), nextCursor: z.nullable(z.string()) }),
});
export const verifyDecisions = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/verify-decisions',
  summary: 'Follow the chain from its beginning: is any record missing or changed?',
  tag,
  params: CampaignParams,
  status: 200,
  reply: z.object({ records: Count, intact: z.boolean(), brokenAtSeq: z.nullable(z.int()) }),
});

export const getOverallStats = contract({
  method: 'GET',
  path: '/api/stats/overall',
  summary: 'All campaigns together (`getOverallStats` of the original design)',
  tag,
  status: 200,
  reply: z.object({
    campaigns: z.object({ running: Count, paused: Count, total: Count }),
    leads: z.object({ total: Count, waiting: Count, reached: Count, doNotCall: Count }),
    dials: z.object({ total: Count, last24h: Count, live: Count, answered: Count }),
    outcomes: z.partialRecord(OutcomeSchema, Count),
    /** Answered dials of all that ended, 0 to 1; null before the first. */
    answerRate: z.nullable(z.number()),
    talkMs: Count,
  }),
});

const LimitsSchema = z.strictObject({
  concurrency: z.int().check(z.minimum(0), z.maximum(5_000)),
  callsPerSecond: z.number().check(z.minimum(0.01), z.maximum(100)),
});
export const getDialLimits = contract({
  method: 'GET',
  path: '/api/dial-limits',
  summary: 'What all campaigns together may do',
  tag,
  status: 200,
  reply: z.object({ limits: LimitsSchema }),
});
export const setDialLimits = contract({
  method: 'PUT',
  path: '/api/dial-limits',
  summary: 'Change what all campaigns together may do; holds from the next dial on',
  tag,
  body: LimitsSchema,
  status: 200,
  reply: z.object({ limits: LimitsSchema }),
});
