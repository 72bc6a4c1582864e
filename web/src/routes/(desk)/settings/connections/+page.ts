import { valueOrLeave } from '#lib/api/load.ts';
import { readConnections } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) =>
  await valueOrLeave(await readConnections({ fetch }), 'The connections could not be read.', url);
