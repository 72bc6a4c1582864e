import { leadFilter, readLeads } from '#lib/api/leads.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

/** Filters are in the address: a view can be sent to a colleague. */
export const load: PageLoad = async ({ fetch, url }) => {
  const filter = leadFilter(url.searchParams);
  return {
    filter,
    first: await valueOrLeave(await readLeads(filter, null, { fetch }), 'The leads could not be read.', url),
  };
};
