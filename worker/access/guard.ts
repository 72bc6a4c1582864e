import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { Context } from 'hono';
import { verifyDoorToken } from '../../durable-objects/door-token.ts';
import { verifyLabPhoneToken } from '../../durable-objects/telephony/lab-token.ts';
import { signedInUser } from '../accounts/sessions.ts';
import type { AppEnv } from '../app-env.ts';
import { refuse } from '../http/problem.ts';
import { looksLikeKey, verifyKey } from './api-key.ts';
import { verifyCallToken } from './call-token.ts';
import { isForeign } from './origin.ts';
import type { Principal, Role } from './principal.ts';
import { principalName, roles } from './principal.ts';
import { sameSecret } from './secret.ts';
import type { Access } from './table.ts';
import { accessTable } from './table.ts';

type Identified = Principal | 'forbidden' | 'rateLimited' | null;

/** Proofs that lie in the body; the handlers look at them. */
const signatures: ReadonlySet<string> = new Set(['livekitSignature', 'twilioSignature']);

/** Lets a request through to its route only as the table allows, and tells the handler who it is. */
export const guard = createMiddleware<AppEnv>(async (c, next) => {
  const route = matchedRoutes(c).findLast((each) => each.method !== 'ALL');
  if (route === undefined) return next();
  c.set('route', `${route.method} ${route.path}`);
  const access = accessTable[`${route.method} ${route.path}`];
  if (access === undefined) return refuse(c, 'forbidden', 'This route is open to nobody.');
  if (isForeign(c) && !access.who.some((each) => signatures.has(each))) {
    return refuse(c, 'forbidden', 'This page may not use the API.', {
      detail: 'Its origin is not listed in APP_ORIGINS.',
    });
  }
  const principal = await identify(c, access, pathPart(route.path, c.req.path, ':callId'));
  if (principal === null) {
    return refuse(c, 'unauthenticated', 'Sign in first.', { headers: { 'www-authenticate': 'Bearer' } });
  }
  if (principal === 'forbidden') return refuse(c, 'forbidden', 'You may not do this.');
  if (principal === 'rateLimited' || !(await withinLimit(c, principal))) {
    return refuse(c, 'rate_limited', 'Too many requests.', {
      detail: 'Ask again in ten seconds.',
      headers: { 'retry-after': '10' },
    });
  }
  c.set('principal', principal);
  await next();
});

/** People and keys are limited each for themselves; hosts, agents and customers are bounded by the calls they have. */
async function withinLimit(c: Context<AppEnv>, principal: Principal): Promise<boolean> {
  if (principal.kind !== 'user' && principal.kind !== 'apiKey') return true;
  const limit = principal.kind === 'user' ? c.env.USER_LIMIT : c.env.KEY_LIMIT;
  return (await limit.limit({ key: principalName(principal) })).success;
}

/** A part of the path by its name in the route: a middleware does not see the handler's parameters. */
function pathPart(route: string, path: string, name: string): string | undefined {
  const at = route.split('/').indexOf(name);
  return at === -1 ? undefined : path.split('/')[at];
}

async function identify(c: Context<AppEnv>, access: Access, callId: string | undefined): Promise<Identified> {
  const { who } = access;
  if (who.includes('anyone') || who.some((each) => signatures.has(each))) return { kind: 'anyone' };
  const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return identifyBearer(c, access, bearer, callId);
  const allowed = who.filter((each): each is Role => (roles as readonly string[]).includes(each));
  if (allowed.length === 0) return null;
  const user = await signedInUser(c);
  if (user === null) return null;
  return allowed.includes(user.role) ? user : 'forbidden';
}

async function identifyBearer(
  c: Context<AppEnv>,
  { who, scope }: Access,
  bearer: string,
  callId: string | undefined,
): Promise<Identified> {
  if (looksLikeKey(bearer)) {
    const key = await verifyKey(c.env.DB, bearer, Date.now());
    if (key === null) return null;
    return scope !== undefined && key.scopes.includes(scope) ? key : 'forbidden';
  }
  const { agentHostKey, doorSecret, labKey } = c.get('settings');
  if (who.includes('agentHost') && sameSecret(bearer, agentHostKey)) return { kind: 'agentHost' };
  if (who.includes('lab') && labKey !== null && sameSecret(bearer, labKey)) return { kind: 'lab' };
  if (who.includes('labPhone')) {
    const told = await verifyLabPhoneToken(bearer, doorSecret);
    return told === null ? null : { kind: 'labPhone', callId: told };
  }
  if (who.includes('agentDoor')) {
    const claims = await verifyDoorToken(bearer, doorSecret);
    if (claims === null) return null;
    return claims.callId === callId ? { kind: 'agent', claims } : 'forbidden';
  }
  if (who.includes('customer')) {
    const own = await verifyCallToken(bearer, doorSecret);
    if (own === null) return null;
    return own === callId ? { kind: 'customer', callId: own } : 'forbidden';
  }
  return null;
}
