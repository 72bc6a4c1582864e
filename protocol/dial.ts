import * as z from 'zod/mini';
import type { DialDecision } from '../domain/dial/decision.ts';
import { dialRefusals } from '../domain/dial/decision.ts';
import { carrierKinds, dialFailures } from '../domain/dial/order.ts';
import { AtMs, Count, Id } from './primitives.ts';

/** A number as it travels: `+`, country, subscriber (ITU-T E.164). */
export const E164Schema = z.string().check(z.regex(/^\+[1-9]\d{6,14}$/));

export const CarrierKindSchema = z.enum(carrierKinds);
export const DialFailureSchema = z.enum(dialFailures);

const Minutes = z.int().check(z.nonnegative(), z.maximum(1440));
export const HoursSchema = z.object({ from: Minutes, to: Minutes });

export const DialDecisionSchema: z.ZodMiniType<DialDecision> = z.object({
  seq: z.int().check(z.positive()),
  chain: Id,
  atMs: AtMs,
  leadId: z.nullable(Id),
  callId: z.nullable(Id),
  verdict: z.enum(['allowed', 'refused']),
  refusal: z.nullable(z.enum(dialRefusals)),
  zone: z.object({
    source: z.enum(['given', 'postalCode', 'number', 'none']),
    zones: z.array(z.string()),
    regions: z.array(z.string()),
  }),
  judgedIn: z.nullable(z.object({ zone: z.string(), localTime: z.string() })),
  rules: z.array(
    z.object({ ruleId: z.string(), region: z.string(), source: z.string(), from: Minutes, to: Minutes }),
  ),
  campaignHours: z.array(HoursSchema),
  nextOpenAtMs: z.nullable(AtMs),
  caps: z.object({
    last24h: Count,
    per24h: Count,
    ever: Count,
    lifetime: Count,
    attempts: Count,
    budget: Count,
  }),
  doNotCall: z.boolean(),
  consent: z.object({ basis: z.string(), evidence: z.nullable(z.string()) }),
  because: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});

export const PhoneSchema = z.object({
  direction: z.enum(['outbound', 'inbound']),
  /** Masked where the reader may not see it. */
  number: z.nullable(z.string()),
  line: z.nullable(z.string()),
});

export const DialOrderSchema = z.object({
  carrierId: Id,
  carrier: CarrierKindSchema,
  callerId: z.nullable(z.string()),
  ringMs: Count,
  voicemail: z.enum(['hangUp', 'leaveMessage']),
  decision: DialDecisionSchema,
});

export const BriefingSchema = z.object({
  instructions: z.optional(z.string()),
  script: z.string(),
  greeting: z.nullable(z.string()),
  voicemailMessage: z.nullable(z.string()),
});
