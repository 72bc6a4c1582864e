import * as z from 'zod/mini';
import { leadStatuses } from '../../domain/lead/lead.ts';
import { DialDecisionSchema } from '../dial.ts';
import { AtMs, Count, Id, OutcomeSchema } from '../primitives.ts';
import { CursorSchema, LimitSchema, Uuid } from './common.ts';
import { ResultBriefSchema } from '../result.ts';
import { contract } from './contract.ts';

const tag = 'Leads';
const LeadParams = z.strictObject({ leadId: Uuid });
export const LeadStatusSchema = z.enum(leadStatuses);

const line = (length: number) => z.string().check(z.maxLength(length), z.regex(/^[^\u0000-\u001f\u007f]*$/));
export const ZoneSchema = z.string().check(z.maxLength(64), z.regex(/^[A-Za-z0-9_+\-/]+$/));
export const FieldsSchema = z.record(
  z.string().check(z.regex(/^[a-z0-9_]{1,40}$/)),
  z.string().check(z.maxLength(1_000)),
);

/** Name, number, address and fields are masked by role. */
export const LeadSchema = z.object({
  leadId: Id,
  campaignId: Id,
  phone: z.string(),
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  zone: z.nullable(z.string()),
  postalCode: z.nullable(z.string()),
  fields: z.record(z.string(), z.string()),
  consent: z.nullable(z.string()),
  status: LeadStatusSchema,
  attempts: Count,
  nextAttemptAtMs: AtMs,
  callBackAtMs: z.nullable(AtMs),
  lastOutcome: z.nullable(z.string()),
  lastCallId: z.nullable(Id),
  createdAtMs: AtMs,
});
const LeadReplySchema = z.object({ lead: LeadSchema });

/** What people say of a lead. The number is read by the rules of `country` where it lacks its own. */
export const NewLeadSchema = z.strictObject({
  phone: line(40),
  name: z.nullable(line(120)),
  email: z.nullable(line(254)),
  zone: z.nullable(ZoneSchema),
  postalCode: z.nullable(line(20)),
  fields: FieldsSchema,
  consent: z.nullable(line(200)),
});
export const CountrySchema = z.string().check(z.regex(/^[A-Z]{2}$/));

export const listLeads = contract({
  method: 'GET',
  path: '/api/leads',
  summary: 'Leads in the order they came; filters narrow it',
  tag,
  query: z.strictObject({
    campaign: z.optional(Uuid),
    status: z.optional(LeadStatusSchema),
    /** Exact number, or the beginning of a name. */
    search: z.optional(line(120)),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ leads: z.array(LeadSchema), nextCursor: z.nullable(z.string()) }),
});

export const addLead = contract({
  method: 'POST',
  path: '/api/campaigns/:campaignId/leads',
  summary: 'Add one lead by hand, also while the campaign runs',
  tag,
  params: z.strictObject({ campaignId: Uuid }),
  body: z.strictObject({ country: CountrySchema, lead: NewLeadSchema }),
  status: 201,
  reply: LeadReplySchema,
  idempotency: 'replay',
});

/** One dial of a lead's number, as its history shows it. */
export const LeadDialSchema = z.object({
  callId: Id,
  startedAtMs: AtMs,
  endedAtMs: z.nullable(AtMs),
  outcome: z.nullable(OutcomeSchema),
  /** What the conversation came to; null where there was none, or it goes on. */
  result: z.nullable(ResultBriefSchema),
});
export const getLead = contract({
  method: 'GET',
  path: '/api/leads/:leadId',
  summary: 'A lead with its history: dials, newest first, and the latest decisions',
  tag,
  params: LeadParams,
  status: 200,
  reply: z.object({
    lead: LeadSchema,
    dials: z.array(LeadDialSchema),
    decisions: z.array(DialDecisionSchema),
    /** Whether it could be called now, and why not: what the dialer would decide. */
    now: z.object({ allowed: z.boolean(), because: z.string(), localTime: z.nullable(z.string()) }),
  }),
});

export const changeLead = contract({
  method: 'PATCH',
  path: '/api/leads/:leadId',
  summary: 'Correct a lead, take it out (`withdrawn`), or let it wait for another try',
  tag,
  params: LeadParams,
  body: z.strictObject({
    name: z.optional(z.nullable(line(120))),
    email: z.optional(z.nullable(line(254))),
    zone: z.optional(z.nullable(ZoneSchema)),
    postalCode: z.optional(z.nullable(line(20))),
    fields: z.optional(FieldsSchema),
    status: z.optional(z.enum(['waiting', 'withdrawn'])),
  }),
  status: 200,
  reply: LeadReplySchema,
});

export const callLead = contract({
  method: 'POST',
  path: '/api/leads/:leadId/call',
  summary: 'Call this lead now, by hand: every rule of the dialer holds, and the refusal says which',
  tag,
  params: LeadParams,
  status: 201,
  reply: z.object({ callId: Id }),
  idempotency: 'replay',
});

export const revealLead = contract({
  method: 'POST',
  path: '/api/leads/:leadId/reveal',
  summary: 'Show a lead unmasked. Who asked, and why, is logged',
  tag,
  params: LeadParams,
  body: z.strictObject({ reason: z.string().check(z.minLength(3), z.maxLength(200)) }),
  status: 200,
  reply: LeadReplySchema,
});
