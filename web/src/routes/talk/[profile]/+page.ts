import { valueOrLeave } from '#lib/api/load.ts';
import { getHealth, getProfile } from '#lib/api/front-door.ts';
import { profileTitle } from '#lib/talk/talk-words.ts';
import type { PageLoad } from './$types';

/** A line that does not exist is told before anyone taps; one that cannot be asked right now may still be called. */
export const load: PageLoad = async ({ fetch, params, url, untrack }) => {
  const here = untrack(() => new URL(url));
  const reply = await getProfile(params.profile, { fetch });
  const title =
    reply.ok || reply.failure.status === 404
      ? (await valueOrLeave(reply, 'There is no such line.', here)).title
      : profileTitle(params.profile);
  return {
    profile: params.profile,
    title,
    // Only to say beforehand that a line is simulated: the page does not wait for it.
    health: getHealth({ fetch }),
  };
};
