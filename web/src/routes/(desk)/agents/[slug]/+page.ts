import { readAgent, readHttpTools } from '#lib/api/agents.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'The agent could not be read.';

export const load: PageLoad = async ({ fetch, params, url }) => {
  const [agent, tools] = await Promise.all([readAgent(params.slug, { fetch }), readHttpTools({ fetch })]);
  return {
    agent: await valueOrLeave(agent, WHAT, url),
    ...(await valueOrLeave(tools, WHAT, url)),
  };
};
