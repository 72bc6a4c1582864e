import type { BetterAuthOptions } from 'better-auth';
import type { Context } from 'hono';
import { betterAuth } from 'better-auth';
import type { AppEnv } from '../app-env.ts';
import type { Principal, Role } from '../access/principal.ts';
import { roles } from '../access/principal.ts';
import type { Settings } from '../settings.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** A session lasts a working day and is renewed while it is used. */
const SESSION_S = 12 * 3600;

const built = new WeakMap<Settings, ReturnType<typeof buildAccounts>>();

/** Accounts and sessions are the library's work, built once an isolate. */
export function accountsFor(database: D1Database, settings: Settings) {
  const known = built.get(settings) ?? buildAccounts(database, settings);
  built.set(settings, known);
  return known;
}

/** Nobody signs up: accounts are made by those who may invite. */
function buildAccounts(database: D1Database, settings: Settings) {
  const secure = settings.appOrigins.every((origin) => origin.startsWith('https://'));
  const options = {
    database,
    secret: settings.authSecret,
    baseURL: settings.appOrigins[0] ?? '',
    basePath: '/api/auth',
    trustedOrigins: [...settings.appOrigins],
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: { additionalFields: { role: { type: 'string', input: false, required: true } } },
    session: { expiresIn: SESSION_S, updateAge: SESSION_S / 4 },
    // The door in front limits attempts per address for all isolates; the library's own memory is one isolate's.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    advanced: {
      cookiePrefix: 'earshot',
      useSecureCookies: secure,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, secure },
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
    },
  } satisfies BetterAuthOptions;
  return betterAuth(options);
}

/** Who is signed in, looked up afresh each time so that a revoked session ends at once; null for nobody. */
export async function signedInUser(c: Context<AppEnv>): Promise<Extract<Principal, { kind: 'user' }> | null> {
  if (!c.req.header('cookie')?.includes('earshot')) return null;
  const found = await accountsFor(c.env.DB, c.get('settings')).api.getSession({ headers: c.req.raw.headers });
  if (found === null) return null;
  const role = roleNamed(found.user.role);
  if (role === null) return null;
  return { kind: 'user', userId: found.user.id, name: found.user.name, email: found.user.email, role };
}

function roleNamed(name: unknown): Role | null {
  return roles.find((each) => each === name) ?? null;
}
