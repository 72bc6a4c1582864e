import type * as z from 'zod/mini';
import * as contracts from '../../../../protocol/api/calls.ts';
import {
  getOwnCall as ownCallContract,
  getToken as tokenContract,
  type TokenReplySchema,
} from '../../../../protocol/api/rooms.ts';
import { createClient, type AskOptions } from '../../../../protocol/client/client.ts';
import { PROTOCOL_VERSION } from '../../../../protocol/version.ts';
import { api } from './client.ts';

export type CallList = z.infer<typeof contracts.CallListSchema>;
export type TokenReply = z.infer<typeof TokenReplySchema>;

export const listEndedCalls = (cursor: string | null, options?: AskOptions) =>
  api(contracts.listCalls, { query: { status: 'ended', ...(cursor === null ? {} : { cursor }) } }, options);

/** A call's live feed, from the event after `since` of the ledger `epoch`. */
export function monitorPath(callId: string, since: number, epoch: string | null): string {
  const query = new URLSearchParams({ since: String(since), v: String(PROTOCOL_VERSION) });
  if (epoch !== null) query.set('epoch', epoch);
  return `/ws/calls/${encodeURIComponent(callId)}?${query}`;
}

export const getCall = (callId: string, options?: AskOptions) =>
  api(contracts.getCall, { params: { callId } }, options);

/** The ledger after event `since`, for when no socket is to be had. */
export const getEvents = (callId: string, since: number, options?: AskOptions) =>
  api(contracts.getCallEvents, { params: { callId }, query: { since: String(since) } }, options);

/** Asks; that the call ended is only ever learnt from its ledger. */
export const requestHangUp = (callId: string) => api(contracts.hangUp, { params: { callId } });

/** Work the call owes that was given up. */
export const getParkedWork = (callId: string, options?: AskOptions) =>
  api(contracts.listParkedWork, { params: { callId } }, options);
export const retryParkedWork = (callId: string) => api(contracts.retryParkedWork, { params: { callId } });

/** Opens a call for a customer. `name` is what they call themselves, when the link said so. */
export const getToken = (agent: string, name: string | null) =>
  api(tokenContract, { query: { agent, ...(name === null ? {} : { name }) } });

/** A customer's own call, with the token that came with it. */
export const getOwnCall = (callId: string, callToken: string) =>
  createClient({ apiKey: callToken })(ownCallContract, { params: { callId } });
