import * as z from 'zod/mini';
import type { Order } from '../domain/call/supervision.ts';
import { Id } from './primitives.ts';

/** Words of a supervisor: what can be said in one breath. Longer ones are refused, never cut. */
export const ORDER_LENGTH = 1_000;
/** Shown as text wherever it is shown; control characters belong to nobody's speech. */
export const OrderWordsSchema = z.string().check(
  z.minLength(1),
  z.maxLength(ORDER_LENGTH),
  // `\S` alone would take a control character for a letter.
  z.regex(/^[^\u0000-\u0008\u000b-\u001f\u007f]*$/),
  z.regex(/\S/),
);

export const SeatKindSchema = z.enum(['listen', 'whisper', 'operator']);

export const OrderSchema: z.ZodMiniType<Order> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('whisper'), text: OrderWordsSchema, via: z.enum(['text', 'voice']) }),
  z.object({ kind: z.literal('say'), text: OrderWordsSchema }),
  z.object({ kind: z.literal('takeOver'), identity: Id }),
  z.object({ kind: z.literal('handBack'), note: z.nullable(OrderWordsSchema) }),
  z.object({ kind: z.literal('pauseRecording') }),
  z.object({ kind: z.literal('resumeRecording') }),
]);

const supervisor = { by: Id, byName: z.string() };

export const OrderFollowedSchema = z.object({
  type: z.literal('orderFollowed'),
  orderId: Id,
  outcome: z.enum(['done', 'failed']),
  reason: z.nullable(z.string().check(z.maxLength(300))),
});
export const SeatTakenSchema = z.object({ type: z.literal('seatTaken'), identity: Id, connection: Id });

/** What was said into the whisper room. Whose seat `identity` is says who said it. */
export const VoiceWhisperedSchema = z.object({
  type: z.literal('voiceWhispered'),
  whisperId: Id,
  identity: Id,
  text: OrderWordsSchema,
});
const participant = z.object({ identity: Id, connection: Id });
/** Somebody sits down or leaves, as the agent saw it. */
export const SeatSeenSchema = z.object({ type: z.literal('seatSeen'), participant });
export const SeatGoneSchema = z.object({ type: z.literal('seatGone'), participant });

/** The facts of supervision as they travel. */
export const supervisionFacts = [
  z.object({ type: z.literal('seatGiven'), seat: SeatKindSchema, identity: Id, ...supervisor }),
  SeatTakenSchema,
  z.object({ type: z.literal('seatLeft'), identity: Id, withdrawn: z.optional(z.literal(true)) }),
  z.object({ type: z.literal('orderGiven'), orderId: Id, order: OrderSchema, ...supervisor }),
  OrderFollowedSchema,
  z.object({ type: z.literal('takeOverLapsed'), identity: Id }),
  z.object({ type: z.literal('callFlagged'), note: z.nullable(z.string()), ...supervisor }),
] as const;

/** What the agent is given down its door: what it has not followed yet, oldest first. */
export const OrderForAgentSchema = z.object({ orderId: Id, order: OrderSchema });

/** Who holds the line, as the agent needs to know it; null: the agent itself. */
export const LineForAgentSchema = z.nullable(z.object({ identity: Id }));

/** How well the customer is heard, as the media server judges their connection: broadcast, never stored. */
export const ConnectionQualitySchema = z.enum(['excellent', 'good', 'poor', 'lost']);
export type ConnectionQuality = z.infer<typeof ConnectionQualitySchema>;
