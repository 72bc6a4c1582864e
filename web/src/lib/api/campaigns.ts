import type * as z from 'zod/mini';
import * as contracts from '../../../../protocol/api/campaigns.ts';
import { listCarriers, listLines } from '../../../../protocol/api/telephony.ts';
import { listProfiles } from '../../../../protocol/api/profiles.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export type CampaignRow = z.infer<typeof contracts.CampaignRowSchema>;
export type NextDial = z.infer<typeof contracts.NextDialSchema>;

export const readCampaigns = (archived: boolean, cursor: string | null, options?: AskOptions) =>
  api(
    contracts.listCampaigns,
    { query: { ...(archived ? { archived: 'true' } : {}), ...(cursor === null ? {} : { cursor }) } },
    options,
  );
export const readCampaign = (campaignId: string, options?: AskOptions) =>
  api(contracts.getCampaign, { params: { campaignId } }, options);
export const readProblems = (campaignId: string, options?: AskOptions) =>
  api(contracts.checkCampaign, { params: { campaignId } }, options);
export const readNextDials = (campaignId: string, options?: AskOptions) =>
  api(contracts.listNextDials, { params: { campaignId } }, options);
export const readOverallStats = (options?: AskOptions) => api(contracts.getOverallStats, {}, options);

/** What a campaign is put together from. */
export const readProfiles = (options?: AskOptions) => api(listProfiles, {}, options);
export const readCarriers = (options?: AskOptions) => api(listCarriers, {}, options);
export const readLines = (options?: AskOptions) => api(listLines, {}, options);
