import * as z from 'zod/mini';
import { CallEventSchema, ChannelSchema, ContactSchema, Id, AtMs, SpeakerSchema } from './ledger.ts';
import { CallSummarySchema } from './summary.ts';

export const SlugSchema = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/));

/** How a customer's client enters its room. */
export const JoinSchema = z.object({
  url: z.string(),
  token: z.string(),
  room: Id,
  identity: Id,
});
export type Join = z.infer<typeof JoinSchema>;

/** POST /api/calls */
export const NewCallSchema = z.strictObject({
  profile: SlugSchema,
  channel: ChannelSchema,
  contact: ContactSchema,
});
export const CreatedCallSchema = z.object({
  call: z.object({ id: Id }),
  /** Null for calls without a media server. */
  join: z.nullable(JoinSchema),
  /** Opens the agent door of a `silent` call, whose agent cannot be dispatched by a media server; else null. */
  doorToken: z.nullable(z.string()),
});

/** GET /api/profiles/:slug: what anyone may know of a line before calling it. */
export const PublicProfileSchema = z.object({ slug: Id, title: z.string(), language: z.string() });

/** GET /api/getToken?agent=<profile> */
export const TokenReplySchema = z.object({
  callId: Id,
  /** LiveKit's WebSocket URL. */
  url: z.string(),
  token: z.string(),
  room: Id,
  identity: Id,
  profile: z.object({ slug: Id, title: z.string(), language: z.string() }),
  /** Speech and models are the offline stand-ins: the page says so. */
  simulated: z.boolean(),
});

/** GET /api/calls */
export const CallListSchema = z.object({
  calls: z.array(CallSummarySchema),
  /** Pass as `cursor` for the next page; null on the last. */
  nextCursor: z.nullable(z.string()),
});

/** GET /api/calls/:callId */
export const CallReplySchema = z.object({ call: CallSummarySchema });

/** GET /api/calls/:callId/events?since=<seq>: the ledger itself, for those without a socket. */
export const EventsReplySchema = z.object({
  epoch: Id,
  head: z.int(),
  events: z.array(CallEventSchema),
});

/** GET /api/calls/:callId/effects: work the call owes that was given up and waits for a person (EFFECT-2). */
export const ParkedEffectsSchema = z.object({
  parked: z.array(z.object({ key: z.string(), type: z.string(), attempts: z.int(), lastError: z.string() })),
});

/** GET /api/calls/:callId/transcript */
export const TranscriptReplySchema = z.object({
  callId: Id,
  utterances: z.array(
    z.object({
      utteranceId: Id,
      speaker: SpeakerSchema,
      text: z.string(),
      startedAtMs: AtMs,
      endedAtMs: AtMs,
      interrupted: z.boolean(),
    }),
  ),
});

/** GET /api/me */
export const MeSchema = z.object({
  user: z.object({
    id: Id,
    name: z.string(),
    email: z.string(),
    role: z.enum(['admin', 'supervisor', 'operator', 'viewer']),
  }),
  /** What this deployment simulates; empty in production. */
  simulated: z.array(z.enum(['media', 'speech', 'callers'])),
});
export type Me = z.infer<typeof MeSchema>;

/** GET /api/health */
export const HealthSchema = z.object({
  ok: z.boolean(),
  version: z.string(),
  /** What this deployment simulates, so that the sign-in page can say it too. */
  simulated: z.array(z.enum(['media', 'speech', 'callers'])),
  /** Development only: ready logins for the sign-in page. */
  demoLogins: z.array(z.object({ email: z.string(), password: z.string(), role: z.string() })),
});
