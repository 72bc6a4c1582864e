import * as z from 'zod/mini';
import type { DialFailure } from '../domain/dial/order.ts';
import { E164Schema } from './dial.ts';
import { Id } from './primitives.ts';

/** What the lab's telephone exchange says of a call. `completed`: it was answered and is over. */
export const labStatuses = [
  'ringing',
  'answered',
  'completed',
  'busy',
  'noAnswer',
  'declined',
  'invalidNumber',
  'failed',
] as const;
export type LabStatus = (typeof labStatuses)[number];
const LabStatusSchema = z.enum(labStatuses);

/** What each says of the dial; null: nobody has failed to be reached. */
export const labOutcomes: Readonly<Record<LabStatus, DialFailure | null>> = {
  ringing: null,
  answered: null,
  completed: null,
  busy: 'busy',
  noAnswer: 'noAnswer',
  declined: 'declined',
  invalidNumber: 'invalidNumber',
  failed: 'carrierFailed',
};

const Url = z.string().check(z.regex(/^(https?|wss?):\/\//), z.maxLength(300));

/** `POST /calls` at the exchange. The same call id again answers how that call stands and rings nobody. */
export const LabOrderSchema = z.object({
  callId: Id,
  to: E164Schema,
  from: z.nullable(E164Schema),
  ringMs: z.int().check(z.positive(), z.maximum(300_000)),
  join: z.object({ url: Url, token: z.string(), room: Id }),
  callback: z.object({ url: Url, token: z.string() }),
});
export type LabOrder = z.infer<typeof LabOrderSchema>;

/** `GET /calls/:callId`, and every answer to an order. */
export const LabCallSchema = z.object({ callId: Id, status: LabStatusSchema });
export type LabCall = z.infer<typeof LabCallSchema>;

/** The exchange's news, `POST /api/lab/phone/status`; the token says of which call. */
export const LabNewsSchema = z.object({ callId: Id, status: LabStatusSchema });

/** Somebody in the lab rings one of our lines, `POST /api/lab/phone/inbound`. */
export const LabInboundSchema = z.object({
  /** Names the attempt: asked again, it is the same call. */
  attempt: z.string().check(z.regex(/^[\w-]{8,64}$/)),
  /** Null: withheld. */
  from: z.nullable(E164Schema),
  to: E164Schema,
});
export const LabInboundReplySchema = z.object({
  callId: Id,
  join: z.object({ url: z.string(), token: z.string(), room: Id }),
});
