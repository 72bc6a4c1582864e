import type { Context } from 'hono';
import { APIError } from 'better-auth/api';
import { endSession } from '../../database/sessions.ts';
import type { Role, User } from '../access/principal.ts';
import { roles } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { SESSION_LONGEST_MS, accountsFor, cookiePrefix } from './accounts.ts';

/**
 * Who is signed in, looked up afresh each time so that a revoked session, a changed role or a disabled account counts at
 * once; null for nobody. Use prolongs the session, except for sockets, whose answers carry no cookie.
 */
export async function signedInUser(c: Context<AppEnv>): Promise<User | null> {
  if (!c.req.header('cookie')?.includes(`${cookiePrefix(c.get('settings'))}.session_token=`)) return null;
  const answer = await called(() =>
    accountsFor(c.env.DB, c.get('settings')).api.getSession({
      headers: c.req.raw.headers,
      query: { disableRefresh: c.req.path.startsWith('/ws/') },
      returnHeaders: true,
    }),
  );
  if (!answer.ok) return null;
  passCookiesOn(c, answer.value.headers);
  if (answer.value.response === null) return null;
  const { user, session } = answer.value.response;
  const role = roleNamed(user.role);
  if (role === null || typeof user.disabledAtMs === 'number') return null;
  if (Date.now() - session.createdAt.getTime() > SESSION_LONGEST_MS) {
    await endSession(c.env.DB, user.id, session.id);
    return null;
  }
  return {
    kind: 'user',
    userId: user.id,
    name: user.name,
    email: user.email,
    role,
    sessionId: session.id,
  };
}

function roleNamed(name: unknown): Role | null {
  return roles.find((each) => each === name) ?? null;
}

/** Sets the cookies the library asked for on our own answer. */
export function passCookiesOn(c: Context<AppEnv>, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) c.header('set-cookie', cookie, { append: true });
}

export type Called<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string };

/**
 * What the library calls its own failure, and is our refusal: the hook that keeps disabled accounts out, and an
 * authenticator's answer that cannot be read or names a credential that is known.
 */
const NOT_ITS_FAULT: readonly string[] = ['UNABLE_TO_CREATE_SESSION', 'FAILED_TO_VERIFY_REGISTRATION'];

/** A call of the library: what it refuses is a value, what breaks in it stays an exception. */
export async function called<T>(call: () => Promise<T>): Promise<Called<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const code = String(error.body?.code ?? '');
    if (error.statusCode >= 500 && !NOT_ITS_FAULT.includes(code)) throw error;
    return { ok: false, code };
  }
}

/** Ends the session that the request's cookie stands for. @returns what takes the cookie away. */
export async function endPresentedSession(c: Context<AppEnv>): Promise<Headers> {
  const answer = await called(() =>
    accountsFor(c.env.DB, c.get('settings')).api.signOut({ headers: c.req.raw.headers, returnHeaders: true }),
  );
  return answer.ok ? answer.value.headers : new Headers();
}
