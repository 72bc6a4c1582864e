import { readAgent } from '#lib/api/agents.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import { getHealth } from '#lib/api/front-door.ts';
import type { PageLoad } from './$types';

/** Trying a draft: like a customer's own call, for those who edit agents. */
export const load: PageLoad = async ({ fetch, params, url }) => ({
  agent: await valueOrLeave(await readAgent(params.slug, { fetch }), 'The draft could not be read.', url),
  health: getHealth({ fetch }),
});
