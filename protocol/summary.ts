import * as z from 'zod/mini';
import type { CallSummary } from '../domain/call/summary.ts';
import { AtMs, ChannelSchema, Id, MediaSchema, OutcomeSchema, SpeakerSchema } from './primitives.ts';

export const CallSummarySchema: z.ZodMiniType<CallSummary> = z.object({
  callId: Id,
  profile: Id,
  channel: ChannelSchema,
  media: MediaSchema,
  contactName: z.nullable(z.string()),
  phase: z.enum(['requested', 'connecting', 'inProgress', 'ended']),
  requestedAtMs: AtMs,
  answeredAtMs: z.nullable(AtMs),
  endedAtMs: z.nullable(AtMs),
  outcome: z.nullable(OutcomeSchema),
  agentHost: z.nullable(Id),
  lastWords: z.nullable(z.object({ speaker: SpeakerSchema, text: z.string() })),
  utterances: z.int(),
  latencyMs: z.nullable(z.number()),
  attention: z.nullable(z.object({ reason: z.string(), sinceMs: AtMs })),
  needs: z.optional(
    z.array(
      z.object({
        reason: z.string(),
        weight: z.number(),
        sinceMs: AtMs,
      }),
    ),
  ),
  ribbon: z.array(z.tuple([SpeakerSchema, z.number(), z.number()])),
  callBackPromisedAtMs: z.nullable(AtMs),
  phone: z.optional(z.object({ direction: z.enum(['outbound', 'inbound']), number: z.nullable(z.string()) })),
  lead: z.optional(z.object({ leadId: Id, campaignId: Id })),
  dialling: z.optional(z.enum(['waitsForAgent', 'ringing'])),
  line: z.optional(z.object({ byName: z.string(), sinceMs: AtMs })),
  flag: z.optional(z.object({ byName: z.string(), note: z.string() })),
  head: z.int(),
});
