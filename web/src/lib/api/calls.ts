import * as z from 'zod/mini';
import {
  CallListSchema,
  CallReplySchema,
  EventsReplySchema,
  ParkedEffectsSchema,
  TokenReplySchema,
} from '../../../../protocol/rest.ts';
import { PROTOCOL_VERSION } from '../../../../protocol/version.ts';
import { request, type Ask } from './request.ts';

export type CallList = z.infer<typeof CallListSchema>;
export type EventsReply = z.infer<typeof EventsReplySchema>;
export type TokenReply = z.infer<typeof TokenReplySchema>;

const callPath = (callId: string): string => `/api/calls/${encodeURIComponent(callId)}`;

export function listEndedCalls(cursor: string | null, ask?: Ask) {
  const query = new URLSearchParams({ status: 'ended', ...(cursor === null ? {} : { cursor }) });
  return request(CallListSchema, `/api/calls?${query}`, ask);
}

/** A call's live feed, from the event after `since` of the ledger `epoch`. */
export function monitorPath(callId: string, since: number, epoch: string | null): string {
  const query = new URLSearchParams({ since: String(since), v: String(PROTOCOL_VERSION) });
  if (epoch !== null) query.set('epoch', epoch);
  return `/ws/calls/${encodeURIComponent(callId)}?${query}`;
}

export const getCall = (callId: string, ask?: Ask) => request(CallReplySchema, callPath(callId), ask);

/** The ledger after event `since`, for when no socket is to be had. */
export const getEvents = (callId: string, since: number, ask?: Ask) =>
  request(EventsReplySchema, `${callPath(callId)}/events?since=${since}`, ask);

/** Asks; that the call ended is only ever learnt from its ledger. */
export const requestHangUp = (callId: string) =>
  request(z.looseObject({}), `${callPath(callId)}/hang-up`, { method: 'POST' });

/** Work the call owes that was given up. */
export const getParkedWork = (callId: string, ask?: Ask) =>
  request(ParkedEffectsSchema, `${callPath(callId)}/effects`, ask);
export const retryParkedWork = (callId: string) =>
  request(z.looseObject({}), `${callPath(callId)}/effects/retry`, { method: 'POST' });

/** Opens a call for a customer. `name` is what they call themselves, when the link said so. */
export function getToken(profile: string, name: string | null) {
  const query = new URLSearchParams({ agent: profile, ...(name === null ? {} : { name }) });
  return request(TokenReplySchema, `/api/getToken?${query}`);
}
