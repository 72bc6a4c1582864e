import { readHttpTools } from '#lib/api/agents.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) =>
  valueOrLeave(await readHttpTools({ fetch }), 'The tools could not be read.', url);
