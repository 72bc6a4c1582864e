import * as z from 'zod/mini';
import { E164Schema } from './dial.ts';
import { AtMs, CampaignStatusSchema, Count, Id } from './primitives.ts';
import { RecordingPolicySchema } from './recording.ts';

const Minutes = z.int().check(z.nonnegative(), z.maximum(1440));
/** Up to six stretches a day, in the lead's own time. */
const DaySchema = z.array(z.strictObject({ from: Minutes, to: Minutes })).check(
  z.maxLength(6),
  z.refine((hours) => hours.every((each) => each.from < each.to), 'A stretch ends after it begins.'),
);
export const CallingWindowsSchema = z.strictObject({
  mon: DaySchema,
  tue: DaySchema,
  wed: DaySchema,
  thu: DaySchema,
  fri: DaySchema,
  sat: DaySchema,
  sun: DaySchema,
});

const WEEK_MS = 7 * 86_400_000;
const RetrySchema = z.nullable(
  z.strictObject({ afterMs: z.int().check(z.minimum(1_000), z.maximum(4 * WEEK_MS)) }),
);

/** What people choose of a campaign; meanings and units: `domain/campaign/campaign.ts`. */
export const CampaignSettingsSchema = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(120), z.regex(/\S/)),
  profile: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/)),
  script: z.string().check(z.maxLength(8_000)),
  greeting: z.string().check(z.maxLength(500)),
  carrierId: Id,
  callerId: z.nullable(E164Schema),
  concurrency: z.int().check(z.minimum(1), z.maximum(500)),
  callsPerSecond: z.number().check(z.minimum(0.01), z.maximum(50)),
  windows: CallingWindowsSchema,
  retry: z.strictObject({
    busy: RetrySchema,
    noAnswer: RetrySchema,
    voicemail: RetrySchema,
    failed: RetrySchema,
  }),
  attempts: z.int().check(z.minimum(1), z.maximum(20)),
  caps: z.strictObject({
    per24h: z.int().check(z.minimum(1), z.maximum(20)),
    lifetime: z.int().check(z.minimum(1), z.maximum(100)),
  }),
  ringMs: z.int().check(z.minimum(5_000), z.maximum(90_000)),
  voicemail: z.enum(['hangUp', 'leaveMessage']),
  voicemailMessage: z.string().check(z.maxLength(500)),
  consent: z.enum(['written', 'perLead', 'notRequired']),
  recording: z.optional(RecordingPolicySchema),
});

export const CampaignSchema = z.object({
  ...CampaignSettingsSchema.shape,
  campaignId: Id,
  status: CampaignStatusSchema,
  pausedBecause: z.nullable(z.enum(['byPerson', 'abandonBrake', 'budget'])),
  version: Count,
  createdAtMs: AtMs,
  startsAtMs: z.nullable(AtMs),
  startedAtMs: z.nullable(AtMs),
  endedAtMs: z.nullable(AtMs),
  archivedAtMs: z.nullable(AtMs),
});
