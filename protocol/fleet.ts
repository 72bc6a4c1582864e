import * as z from 'zod/mini';
import { RehearsalOfferSchema } from './scenario.ts';
import { AtMs, Id } from './primitives.ts';

/**
 * An agent host's heartbeat: POST `/api/fleet/heartbeat`, `Authorization: Bearer <AGENT_HOST_KEY>`, every 5 s and at
 * once when `draining` changes.
 */
export const HeartbeatSchema = z.object({
  protocol: z.int(),
  /** Host name and start time: a restarted host is never confused with its ghost. */
  hostId: Id,
  /** The LiveKit agent name this host alone registered under. */
  agentName: Id,
  startedAtMs: AtMs,
  seats: z.int().check(z.nonnegative(), z.maximum(1000)),
  /** Calls its jobs serve now. */
  activeCallIds: z.array(Id).check(z.maxLength(1000)),
  draining: z.boolean(),
  /** Over the last minute. */
  callsFailed: z.int().check(z.nonnegative()),
  callsServed: z.int().check(z.nonnegative()),
  firstAudioP95Ms: z.nullable(z.number()),
});
export type Heartbeat = z.infer<typeof HeartbeatSchema>;

/** One sentence for a caller nobody can take: join with the token, say it, leave (DISPATCH-8). */
export const AnnouncementSchema = z.object({
  callId: Id,
  url: z.string(),
  token: z.string(),
  sentence: z.string(),
  language: z.string(),
});
export type Announcement = z.infer<typeof AnnouncementSchema>;

export const HeartbeatReplySchema = z.object({
  /** `drain`: this host's protocol is too old; finish the running calls and stop. */
  instruction: z.enum(['carryOn', 'drain']),
  announcements: z.array(AnnouncementSchema),
  /** Conversations in words to be held now; left out where there are none. */
  rehearsals: z.optional(z.array(RehearsalOfferSchema)),
});
