import { readCallBacks } from '#lib/api/call-backs.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) =>
  valueOrLeave(await readCallBacks(null, { fetch }), 'The call backs could not be read.', url);
