import { valueOrLeave } from '#lib/api/load.ts';
import { readInvitations, readUsers } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const [users, invitations] = await Promise.all([readUsers(null, { fetch }), readInvitations({ fetch })]);
  return {
    users: await valueOrLeave(users, 'The users could not be read.', url),
    invitations: await valueOrLeave(invitations, 'The invitations could not be read.', url),
  };
};
