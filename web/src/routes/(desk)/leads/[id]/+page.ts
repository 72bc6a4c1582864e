import { readLead } from '#lib/api/leads.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, url }) => ({
  first: await valueOrLeave(await readLead(params.id, { fetch }), 'The lead could not be read.', url),
});
