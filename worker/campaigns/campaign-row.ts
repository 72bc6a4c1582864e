import { countCampaign } from '../../database/campaign-counts.ts';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import type { Env } from '../../durable-objects/env.ts';
import { dialerOf } from '../../durable-objects/env.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';

/** A campaign and how far it has come: of those that may dial, as their dialers say. */
export async function campaignRow(
  env: Env,
  campaign: Campaign,
): Promise<{ campaign: Campaign; progress: CampaignProgress }> {
  const { campaignId, name, status, pausedBecause } = campaign;
  const alive = status === 'running' || status === 'paused' || status === 'scheduled';
  const told = alive ? await dialerOf(env, campaignId).progress(campaignId) : null;
  if (told !== null) return { campaign, progress: told };
  const { leads, outcomes, dials, live } = await countCampaign(env.DB, campaignId);
  const counts = { leads: { ...leads }, outcomes: { ...outcomes }, dials, live };
  const still = { revision: 0, nextAtMs: null, waitsFor: null, recent: [] };
  return { campaign, progress: { campaignId, name, status, pausedBecause, ...still, ...counts } };
}
