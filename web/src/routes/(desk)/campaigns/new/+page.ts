import { readCarriers, readLines, readProfiles } from '#lib/api/campaigns.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'What a campaign is put together from could not be read.';

export const load: PageLoad = async ({ fetch, url }) => {
  const [profiles, carriers, lines] = await Promise.all([
    readProfiles({ fetch }),
    readCarriers({ fetch }),
    readLines({ fetch }),
  ]);
  return {
    ...(await valueOrLeave(profiles, WHAT, url)),
    ...(await valueOrLeave(carriers, WHAT, url)),
    ...(await valueOrLeave(lines, WHAT, url)),
  };
};
