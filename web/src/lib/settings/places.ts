import { resolve } from '$app/paths';
import type { Role } from './roles.ts';

interface Place {
  readonly href: string;
  readonly label: string;
  readonly roles: readonly Role[];
}

const everyone: readonly Role[] = ['admin', 'supervisor', 'operator', 'viewer'];
const steering: readonly Role[] = ['admin', 'supervisor'];
const admins: readonly Role[] = ['admin'];

/** The pages of Settings. Who may do what is decided by the Worker; here it is only reflected. */
const places: readonly Place[] = [
  { href: resolve('/(desk)/settings/profile'), label: 'My profile', roles: everyone },
  { href: resolve('/(desk)/settings/devices'), label: 'My sign-ins', roles: everyone },
  { href: resolve('/(desk)/settings/notifications'), label: 'My notifications', roles: everyone },
  { href: resolve('/(desk)/settings/do-not-call'), label: 'Do not call', roles: everyone },
  { href: resolve('/(desk)/settings/vehicles'), label: 'Vehicles', roles: everyone },
  { href: resolve('/(desk)/settings/telephony'), label: 'Telephony', roles: steering },
  { href: resolve('/(desk)/settings/tools'), label: 'Tools', roles: steering },
  { href: resolve('/(desk)/settings/users'), label: 'Users', roles: admins },
  { href: resolve('/(desk)/settings/keys'), label: 'API keys', roles: admins },
  { href: resolve('/(desk)/settings/webhooks'), label: 'Webhooks', roles: admins },
  { href: resolve('/(desk)/settings/prices'), label: 'Prices', roles: admins },
  { href: resolve('/(desk)/settings/privacy'), label: 'Personal data', roles: admins },
  { href: resolve('/(desk)/settings/audit'), label: 'Audit log', roles: admins },
  { href: resolve('/(desk)/settings/connections'), label: 'Connections', roles: admins },
];

export const placesFor = (role: Role): readonly Place[] =>
  places.filter((place) => place.roles.includes(role));
