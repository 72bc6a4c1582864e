import type * as z from 'zod/mini';
import type { Order, SeatKind } from '../../../../domain/call/supervision.ts';
import * as contracts from '../../../../protocol/api/supervision.ts';
import { api } from './client.ts';

export type SeatReply = z.infer<typeof contracts.SeatReplySchema>;

/** A way into one room, good for two minutes: a reconnect that comes later asks anew. */
export const takeSeat = (callId: string, seat: SeatKind) =>
  api(contracts.takeSeat, { params: { callId }, body: { seat } });

/** Asks; that the agent followed is only ever learnt from the call's ledger. */
export const giveOrder = (callId: string, orderId: string, order: Order) =>
  api(contracts.giveOrder, { params: { callId }, body: { orderId, order } });

export const flagCall = (callId: string, note: string | null) =>
  api(contracts.flagCall, { params: { callId }, body: { note } });
