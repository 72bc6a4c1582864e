import { valueOrLeave } from '#lib/api/load.ts';
import { getMe } from '#lib/api/session.ts';
import type { LayoutLoad } from './$types';

/** Everything at the desk needs a session. */
export const load: LayoutLoad = async ({ fetch, url, untrack }) => {
  const here = untrack(() => new URL(url));
  return { me: await valueOrLeave(await getMe({ fetch }), 'Your account could not be read.', here) };
};
