import { getHealth } from '#lib/api/session.ts';
import type { PageLoad } from './$types';

/** Only to say beforehand that a line is simulated: the page does not wait for it. */
export const load: PageLoad = ({ fetch, params }) => ({
  profile: params.profile,
  health: getHealth({ fetch }),
});
