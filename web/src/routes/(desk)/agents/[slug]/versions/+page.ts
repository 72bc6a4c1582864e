import { comparedVersions } from '#lib/agents/compared.ts';
import { readAgent, readVersions } from '#lib/api/agents.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'The versions could not be read.';

export const load: PageLoad = async ({ fetch, params, url }) => {
  const [agent, versions] = await Promise.all([
    readAgent(params.slug, { fetch }),
    readVersions(params.slug, { fetch }),
  ]);
  const edited = await valueOrLeave(agent, WHAT, url);
  const { versions: list } = await valueOrLeave(versions, WHAT, url);
  return {
    agent: edited,
    versions: list,
    compared: await comparedVersions(edited, list, url, fetch),
    split: url.searchParams.get('view') !== 'lines',
  };
};
