import { valueOrLeave } from '#lib/api/load.ts';
import { readDevices, readPushKey } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const [devices, key] = await Promise.all([readDevices({ fetch }), readPushKey({ fetch })]);
  return {
    ...(await valueOrLeave(devices, 'Your devices could not be read.', url)),
    ...(await valueOrLeave(key, 'Whether there is push could not be read.', url)),
  };
};
