import { getCall } from '#lib/api/calls.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

/** Tells a call that does not exist from one that is quiet; everything else comes over the live feed. */
export const load: PageLoad = async ({ fetch, params, url, untrack }) => {
  const here = untrack(() => new URL(url));
  return await valueOrLeave(await getCall(params.id, { fetch }), 'This call could not be opened.', here);
};
