import type { Context } from 'hono';
import type { Sight } from '../../domain/privacy/sight.ts';
import type { AppEnv } from '../app-env.ts';
import type { Principal, Role } from './principal.ts';

const byRole: Readonly<Record<Role, Sight>> = {
  admin: 'clear',
  supervisor: 'clear',
  operator: 'initials',
  viewer: 'masked',
};

/** How much of a person's data someone sees (PRIVACY-1). Whoever is not named here sees the least. */
export function sightOf(principal: Principal): Sight {
  switch (principal.kind) {
    case 'user':
      return byRole[principal.role];
    case 'apiKey':
      return principal.scopes.includes('personalData:read') ? 'clear' : 'masked';
    default:
      return 'masked';
  }
}

export const sightIn = (c: Context<AppEnv>): Sight => sightOf(c.get('principal'));
