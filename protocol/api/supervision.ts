import * as z from 'zod/mini';
import { AtMs, Id } from '../primitives.ts';
import { OrderSchema, OrderWordsSchema, SeatKindSchema } from '../supervision.ts';
import { CallParams } from './calls.ts';
import { EmptySchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Supervision';

/** A seat's token lets one person into one room, for at most two minutes from being made. */
export const SEAT_TOKEN_MS = 120_000;

export const SeatReplySchema = z.object({
  url: z.string(),
  token: z.string(),
  room: Id,
  identity: Id,
  expiresAtMs: AtMs,
});
export const takeSeat = contract({
  method: 'POST',
  path: '/api/calls/:callId/seats',
  summary: 'A token to listen unseen, to whisper to the agent by voice, or to sit ready to take the line',
  tag,
  params: CallParams,
  body: z.strictObject({ seat: SeatKindSchema }),
  status: 201,
  reply: SeatReplySchema,
});

export const giveOrder = contract({
  method: 'POST',
  path: '/api/calls/:callId/orders',
  summary: 'Steer the agent. That it was followed is learnt from the ledger (orderFollowed)',
  tag,
  params: CallParams,
  /** The same `orderId` again is a retry whose answer was lost. `via: voice` comes from the agent host alone. */
  body: z.strictObject({ orderId: Uuid, order: OrderSchema }),
  status: 202,
  reply: EmptySchema,
});

export const flagCall = contract({
  method: 'PUT',
  path: '/api/calls/:callId/flag',
  summary: 'Mark a call for review, also after its end; a null note takes the mark away',
  tag,
  params: CallParams,
  body: z.strictObject({ note: z.nullable(OrderWordsSchema) }),
  status: 202,
  reply: EmptySchema,
});
