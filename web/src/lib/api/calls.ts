import type * as z from 'zod/mini';
import * as contracts from '../../../../protocol/api/calls.ts';
import { addressOf, type AskOptions } from '../../../../protocol/client/client.ts';
import { PROTOCOL_VERSION } from '../../../../protocol/version.ts';
import { queryOf, type Filter } from '../history/filter.ts';
import { api } from './client.ts';

export const readHistory = (filter: Filter, cursor: string | null, options?: AskOptions) =>
  api(
    contracts.listCalls,
    {
      query: { status: 'ended', ...queryOf(filter), ...(cursor === null ? {} : { cursor }) } as HistoryQuery,
    },
    options,
  );
type HistoryQuery = z.input<typeof contracts.listCalls.query & object>;
export const readViews = (options?: AskOptions) => api(contracts.listViews, {}, options);
/** Where the browser fetches what is filtered as a file. */
export const exportAddress = (filter: Filter, format: 'csv' | 'ndjson'): string =>
  addressOf(contracts.exportCalls, {}, { format, ...queryOf(filter) });

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
