import { getHealth } from '#lib/api/front-door.ts';
import type { PageLoad } from './$types';

/** The page stands without it; ready logins and the note on what is simulated come with it. */
export const load: PageLoad = ({ fetch }) => ({ health: getHealth({ fetch }) });
