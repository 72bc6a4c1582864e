import { listEndedCalls } from '#lib/api/calls.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, untrack }) => {
  const here = untrack(() => new URL(url));
  return {
    first: await valueOrLeave(await listEndedCalls(null, { fetch }), 'The history could not be read.', here),
  };
};
