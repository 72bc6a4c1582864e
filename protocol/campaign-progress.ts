import * as z from 'zod/mini';
import { leadStatuses } from '../domain/lead/lead.ts';
import { AtMs, CampaignStatusSchema, Count, Id, OutcomeSchema } from './primitives.ts';

/**
 * A campaign as it stands. Counts are those of D1 (CAMP-6). `recent` has dials and answers a minute, oldest first, the last
 * one still growing.
 */
export const CampaignProgressSchema = z.object({
  campaignId: Id,
  name: z.string(),
  status: CampaignStatusSchema,
  pausedBecause: z.nullable(z.enum(['byPerson', 'abandonBrake', 'budget'])),
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
