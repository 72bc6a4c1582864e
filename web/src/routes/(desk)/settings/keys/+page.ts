import { valueOrLeave } from '#lib/api/load.ts';
import { readKeys } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) =>
  await valueOrLeave(await readKeys(null, { fetch }), 'The API keys could not be read.', url);
