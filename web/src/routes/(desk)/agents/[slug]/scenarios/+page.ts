import { readAgent } from '#lib/api/agents.ts';
import { readScenarios } from '#lib/api/scenarios.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'The scenarios could not be read.';

export const load: PageLoad = async ({ fetch, params, url }) => {
  const [agent, scenarios] = await Promise.all([
    readAgent(params.slug, { fetch }),
    readScenarios(params.slug, { fetch }),
  ]);
  return {
    agent: await valueOrLeave(agent, WHAT, url),
    ...(await valueOrLeave(scenarios, WHAT, url)),
    opened: url.searchParams.get('edit'),
  };
};
