import { valueOrLeave } from '#lib/api/load.ts';
import { readWebhooks } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) =>
  await valueOrLeave(await readWebhooks(null, { fetch }), 'The webhooks could not be read.', url);
