import * as z from 'zod/mini';
import { AtMs, Id } from './primitives.ts';
import { CallSummarySchema } from './summary.ts';

export const SeatsSchema = z.object({ hosts: z.int(), seats: z.int(), taken: z.int() });
export type Seats = z.infer<typeof SeatsSchema>;

/**
 * What `/ws/board?v=<protocol>` sends: a snapshot, then deltas numbered from `version + 1` without gaps. Another snapshot
 * begins a new count: the board's memory was lost. Campaigns are `CampaignProgress` each, read by whoever shows them: the board's own page
 * does not. On a gap, connect again. Ended calls stay for two minutes, then are `removed`.
 */
export const BoardDownSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    protocol: z.int(),
    version: z.int(),
    serverNowMs: AtMs,
    seats: SeatsSchema,
    calls: z.array(CallSummarySchema),
    campaigns: z.array(z.unknown()),
  }),
  z.object({
    type: z.literal('delta'),
    version: z.int(),
    serverNowMs: AtMs,
    seats: SeatsSchema,
    calls: z.array(CallSummarySchema),
    removed: z.array(Id),
    /** Those that changed. */
    campaigns: z.array(z.unknown()),
  }),
]);
export type BoardDown = z.infer<typeof BoardDownSchema>;
