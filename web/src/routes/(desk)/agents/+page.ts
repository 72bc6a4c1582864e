import { readAgents } from '#lib/api/agents.ts';
import { readSpeed } from '#lib/api/budget.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, parent }) => {
  const { me } = await parent();
  const sees = me.user.role === 'admin' || me.user.role === 'supervisor';
  const [agents, speed] = await Promise.all([readAgents({ fetch }), sees ? readSpeed({ fetch }) : null]);
  return {
    ...(await valueOrLeave(agents, 'The agents could not be read.', url)),
    // The list is worth showing without it.
    speed: speed?.ok === true ? speed.value.profiles : [],
    archived: url.searchParams.get('archived') === 'true',
  };
};
