import { readCampaigns, readOverallStats } from '#lib/api/campaigns.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const archived = url.searchParams.get('archived') === 'true';
  const [campaigns, stats] = await Promise.all([
    readCampaigns(archived, null, { fetch }),
    readOverallStats({ fetch }),
  ]);
  return {
    archived,
    first: await valueOrLeave(campaigns, 'The campaigns could not be read.', url),
    stats: await valueOrLeave(stats, 'The campaigns could not be read.', url),
  };
};
