import * as z from 'zod/mini';
import { leadStatuses } from '../domain/lead/lead.ts';
import { CampaignStatusSchema } from './campaign.ts';
import { AtMs, Count, Id, OutcomeSchema } from './primitives.ts';
import { CallSummarySchema } from './summary.ts';

export const SeatsSchema = z.object({ hosts: z.int(), seats: z.int(), taken: z.int() });
export type Seats = z.infer<typeof SeatsSchema>;

/**
 * A campaign as it stands. Counts are those of D1 (CAMP-6). `recent` has dials and answers a minute, oldest first, the last
 * one still growing.
 */
export const CampaignProgressSchema = z.object({
  campaignId: Id,
  name: z.string(),
  status: CampaignStatusSchema,
  pausedBecause: z.nullable(z.enum(['byPerson', 'abandonBrake'])),
  /** Raised with each change, for the numbers may overtake each other. */
  revision: Count,
  leads: z.record(z.enum(leadStatuses), Count),
  /** Ended dials by outcome. */
  outcomes: z.partialRecord(OutcomeSchema, Count),
  dials: Count,
  live: Count,
  /** When the dialer looks again; null while nothing is to be done. */
  nextAtMs: z.nullable(AtMs),
  /** Why nothing is dialled this moment though leads wait; null while it dials or is done. */
  waitsFor: z.nullable(z.enum(['hours', 'retries', 'seats', 'slots', 'pace', 'carrier'])),
  recent: z.array(z.object({ atMs: AtMs, dials: Count, answered: Count })),
});
export type CampaignProgress = z.infer<typeof CampaignProgressSchema>;

/**
 * What `/ws/board?v=<protocol>` sends: a snapshot, then deltas numbered from `version + 1` without gaps. Another snapshot
 * begins a new count: the board's memory was lost. On a gap, connect again. Ended calls stay for two minutes, then are `removed`.
 */
export const BoardDownSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    protocol: z.int(),
    version: z.int(),
    serverNowMs: AtMs,
    seats: SeatsSchema,
    calls: z.array(CallSummarySchema),
    campaigns: z.array(CampaignProgressSchema),
  }),
  z.object({
    type: z.literal('delta'),
    version: z.int(),
    serverNowMs: AtMs,
    seats: SeatsSchema,
    calls: z.array(CallSummarySchema),
    removed: z.array(Id),
    /** Those that changed. */
    campaigns: z.array(CampaignProgressSchema),
  }),
]);
export type BoardDown = z.infer<typeof BoardDownSchema>;
