import { readCampaign, readNextDials, readProblems } from '#lib/api/campaigns.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'The campaign could not be read.';

export const load: PageLoad = async ({ fetch, url, params }) => {
  const [row, next, problems] = await Promise.all([
    readCampaign(params.id, { fetch }),
    readNextDials(params.id, { fetch }),
    readProblems(params.id, { fetch }),
  ]);
  return {
    row: await valueOrLeave(row, WHAT, url),
    ...(await valueOrLeave(next, WHAT, url)),
    ...(await valueOrLeave(problems, WHAT, url)),
  };
};
