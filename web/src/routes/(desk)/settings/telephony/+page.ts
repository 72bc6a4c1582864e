import { readCarriers, readLines, readProfiles } from '#lib/api/campaigns.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const [carriers, lines, profiles] = await Promise.all([
    readCarriers({ fetch }),
    readLines({ fetch }),
    readProfiles({ fetch }),
  ]);
  const what = 'The telephones could not be read.';
  const [{ carriers: ways }, { lines: numbers }, { profiles: agents }] = await Promise.all([
    valueOrLeave(carriers, what, url),
    valueOrLeave(lines, what, url),
    valueOrLeave(profiles, what, url),
  ]);
  return { carriers: ways, lines: numbers, profiles: agents };
};
