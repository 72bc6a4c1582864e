import { readAgent, readAgents } from '#lib/api/agents.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

const WHAT = 'What a new agent begins with could not be read.';

export const load: PageLoad = async ({ fetch, url }) => {
  const from = url.searchParams.get('from');
  const agents = await valueOrLeave(await readAgents({ fetch }), WHAT, url);
  const original = from === null ? null : await valueOrLeave(await readAgent(from, { fetch }), WHAT, url);
  return { agents: agents.profiles, original };
};
