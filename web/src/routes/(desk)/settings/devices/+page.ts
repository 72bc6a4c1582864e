import { valueOrLeave } from '#lib/api/load.ts';
import { readPasskeys, readSessions } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const [sessions, passkeys] = await Promise.all([readSessions({ fetch }), readPasskeys({ fetch })]);
  return {
    ...(await valueOrLeave(sessions, 'Your sessions could not be read.', url)),
    ...(await valueOrLeave(passkeys, 'Your passkeys could not be read.', url)),
  };
};
