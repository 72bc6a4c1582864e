import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { verifyDoorToken } from '../../durable-objects/door-token.ts';
import { signedInUser } from '../accounts/sessions.ts';
import type { AppEnv } from '../app-env.ts';
import { refuse } from '../http/problem.ts';
import type { Principal, Role } from './principal.ts';
import { roles } from './principal.ts';
import type { Access } from './table.ts';
import { accessTable } from './table.ts';

/** Lets a request through to its route only as the table allows, and tells the handler who it is. */
export const guard = createMiddleware<AppEnv>(async (c, next) => {
  const route = matchedRoutes(c).findLast((each) => each.method !== 'ALL');
  if (route === undefined) return next();
  const access = accessTable[`${route.method} ${route.path}`];
  if (access === undefined) return refuse(c, 'forbidden', 'This route is open to nobody.');
  const foreign = foreignOrigin(c);
  if (foreign && !access.includes('livekitSignature')) {
    return refuse(c, 'forbidden', 'This page may not use the API.', {
      detail: 'Its origin is not listed in APP_ORIGINS.',
    });
  }
  const principal = await identify(c, access, pathPart(route.path, c.req.path, ':callId'));
  if (principal === null) {
    return refuse(c, 'unauthenticated', 'Sign in first.', { headers: { 'www-authenticate': 'Bearer' } });
  }
  if (principal === 'forbidden') return refuse(c, 'forbidden', 'Your role may not do this.');
  c.set('principal', principal);
  await next();
});

/** Browsers name the page's origin on every write and socket: one that is not ours is a forgery or a mistake. */
function foreignOrigin(c: Context<AppEnv>): boolean {
  const origin = c.req.header('origin');
  return origin !== undefined && !c.get('settings').appOrigins.includes(origin);
}

/** A part of the path by its name in the route: a middleware does not see the handler's parameters. */
function pathPart(route: string, path: string, name: string): string | undefined {
  const at = route.split('/').indexOf(name);
  return at === -1 ? undefined : path.split('/')[at];
}

async function identify(
  c: Context<AppEnv>,
  access: Access,
  callId: string | undefined,
): Promise<Principal | 'forbidden' | null> {
  if (access.includes('anyone') || access.includes('livekitSignature')) return { kind: 'anyone' };
  const { agentHostKey, doorSecret, labKey } = c.get('settings');
  const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    if (access.includes('agentHost') && sameSecret(bearer, agentHostKey)) return { kind: 'agentHost' };
    if (access.includes('lab') && labKey !== null && sameSecret(bearer, labKey)) return { kind: 'lab' };
    if (access.includes('agentDoor')) {
      const claims = await verifyDoorToken(bearer, doorSecret);
      if (claims === null) return null;
      return claims.callId === callId ? { kind: 'agent', claims } : 'forbidden';
    }
    return null;
  }
  const allowed = access.filter((each): each is Role => (roles as readonly string[]).includes(each));
  if (allowed.length === 0) return null;
  const user = await signedInUser(c);
  if (user === null) return null;
  return allowed.includes(user.role) ? user : 'forbidden';
}

function sameSecret(given: string, expected: string): boolean {
  const a = new TextEncoder().encode(given);
  const b = new TextEncoder().encode(expected);
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
