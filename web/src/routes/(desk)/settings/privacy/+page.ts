import { valueOrLeave } from '#lib/api/load.ts';
import { readErasures, readRetention } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const [retention, erasures] = await Promise.all([readRetention({ fetch }), readErasures({ fetch })]);
  return {
    ...(await valueOrLeave(retention, 'The retention times could not be read.', url)),
    ...(await valueOrLeave(erasures, 'The erasures could not be read.', url)),
  };
};
