import { readHistory, readViews } from '#lib/api/calls.ts';
import { readProfiles } from '#lib/api/campaigns.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import { filterIn } from '#lib/history/filter.ts';
import type { PageLoad } from './$types';

const WHAT = 'The history could not be read.';

export const load: PageLoad = async ({ fetch, url }) => {
  const filter = filterIn(url.searchParams);
  const [first, views, profiles] = await Promise.all([
    readHistory(filter, null, { fetch }),
    readViews({ fetch }),
    readProfiles({ fetch }),
  ]);
  return {
    filter,
    first: await valueOrLeave(first, WHAT, url),
    ...(await valueOrLeave(views, WHAT, url)),
    ...(await valueOrLeave(profiles, WHAT, url)),
  };
};
