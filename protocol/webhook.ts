import * as z from 'zod/mini';
import { AtMs, ChannelSchema, Count, Id, OutcomeSchema } from './primitives.ts';

/** What an endpoint can ask to be told of. Events of transfers join here. */
export const webhookEvents = [
  'call.requested',
  'call.answered',
  'call.needsHuman',
  'call.atRisk',
  'call.callBackPromised',
  'call.ended',
  'campaign.started',
  'campaign.paused',
  'campaign.finished',
] as const;
export const WebhookEventSchema = z.enum(webhookEvents);
export type WebhookEvent = z.infer<typeof WebhookEventSchema>;

/** No body of ours is larger, bytes. */
export const MAX_WEBHOOK_BYTES = 64 * 1024;

const envelope = {
  /** The header `webhook-id`: the same at every try and every re-send. */
  id: Id,
  atMs: AtMs,
};

/** What is posted to an endpoint (HOOK-3): never words of a call, a person's name only where the endpoint opted in. */
export const WebhookBodySchema = z.discriminatedUnion('type', [
  z.object({
    ...envelope,
    type: z.enum([
      'call.requested',
      'call.answered',
      'call.needsHuman',
      'call.atRisk',
      'call.callBackPromised',
      'call.ended',
    ]),
    data: z.object({
      callId: Id,
      profile: z.string(),
      channel: ChannelSchema,
      /** As the event left it. */
      phase: z.enum(['requested', 'connecting', 'inProgress', 'ended']),
      requestedAtMs: AtMs,
      answeredAtMs: z.nullable(AtMs),
      endedAtMs: z.nullable(AtMs),
      outcome: z.nullable(OutcomeSchema),
      /** Only where the endpoint includes personal data. */
      contactName: z.optional(z.nullable(z.string())),
    }),
  }),
  z.object({
    ...envelope,
    type: z.enum(['campaign.started', 'campaign.paused', 'campaign.finished']),
    data: z.object({
      campaignId: Id,
      name: z.string(),
      /** `abandonBrake`: it paused itself; `budget`: the month's is spent. */
      pausedBecause: z.nullable(z.enum(['byPerson', 'abandonBrake', 'budget'])),
      leads: Count,
      reached: Count,
      dials: Count,
    }),
  }),
  /** Sent when somebody asks for a test. */
  z.object({ ...envelope, type: z.literal('webhook.test'), data: z.object({ webhookId: Id }) }),
]);
export type WebhookBody = z.infer<typeof WebhookBodySchema>;
