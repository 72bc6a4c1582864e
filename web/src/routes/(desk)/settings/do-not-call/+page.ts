import { readSuppressions } from '#lib/api/leads.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => ({
  first: await valueOrLeave(
    await readSuppressions(null, null, { fetch }),
    'The list could not be read.',
    url,
  ),
});
