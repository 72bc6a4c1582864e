import { valueOrLeave } from '#lib/api/load.ts';
import { readPrices } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) =>
  valueOrLeave(await readPrices({ fetch }), 'The prices could not be read.', url);
