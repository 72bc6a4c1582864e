import { readAgents } from '#lib/api/agents.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const reply = await valueOrLeave(await readAgents({ fetch }), 'The agents could not be read.', url);
  return { ...reply, archived: url.searchParams.get('archived') === 'true' };
};
