import { checkRows, type Mapping } from '../../../../protocol/api/imports.ts';
import { LeadStatusSchema, getLead, listLeads } from '../../../../protocol/api/leads.ts';
import { listSuppressions } from '../../../../protocol/api/suppressions.ts';
import type { ReplyOf } from '../../../../protocol/api/contract.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export type CheckedRow = ReplyOf<typeof checkRows>['rows'][number];
export type LeadPage = ReplyOf<typeof getLead>;
export type LeadRow = ReplyOf<typeof listLeads>['leads'][number];
export type SuppressedNumber = ReplyOf<typeof listSuppressions>['suppressions'][number];

export const checkFirstRows = (campaignId: string, mapping: Mapping, rows: string[][]) =>
  api(checkRows, { params: { campaignId }, body: { mapping, rows } });

/** What of the leads is shown: in the address, so that a view can be sent to a colleague. */
export interface LeadFilter {
  readonly campaign?: string;
  readonly status?: LeadRow['status'];
  readonly search?: string;
}
export function leadFilter(query: URLSearchParams): LeadFilter {
  const campaign = query.get('campaign');
  const status = LeadStatusSchema.options.find((each) => each === query.get('status'));
  const search = query.get('search')?.trim().slice(0, 120);
  return {
    ...(campaign !== null && /^[0-9a-f-]{36}$/.test(campaign) ? { campaign } : {}),
    ...(status === undefined ? {} : { status }),
    ...(search ? { search } : {}),
  };
}

const page = (cursor: string | null) => (cursor === null ? {} : { cursor });
export const readLeads = (filter: LeadFilter, cursor: string | null, options?: AskOptions) =>
  api(listLeads, { query: { ...filter, ...page(cursor) } }, options);
export const readLead = (leadId: string, options?: AskOptions) =>
  api(getLead, { params: { leadId } }, options);
export const readSuppressions = (search: string | null, cursor: string | null, options?: AskOptions) =>
  api(listSuppressions, { query: { ...(search === null ? {} : { search }), ...page(cursor) } }, options);
