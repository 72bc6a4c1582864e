import { readCampaign, readCarriers, readLines, readProfiles } from '#lib/api/campaigns.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'The campaign could not be read.';

export const load: PageLoad = async ({ fetch, url, params }) => {
  const [row, profiles, carriers, lines] = await Promise.all([
    readCampaign(params.id, { fetch }),
    readProfiles({ fetch }),
    readCarriers({ fetch }),
    readLines({ fetch }),
  ]);
  return {
    ...(await valueOrLeave(row, WHAT, url)),
    ...(await valueOrLeave(profiles, WHAT, url)),
    ...(await valueOrLeave(carriers, WHAT, url)),
    ...(await valueOrLeave(lines, WHAT, url)),
  };
};
