import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import type { User } from './principal.ts';

/**
 * The signed-in person of a route whose row names roles and no scope.
 * @throws Error when the row lets anyone else in: then the table and the handler disagree, which is a bug.
 */
export function signedIn(c: Context<AppEnv>): User {
  const principal = c.get('principal');
  if (principal.kind !== 'user') throw new Error(`${c.get('route')} is for signed-in people`);
  return principal;
}
