import { passkey } from '@better-auth/passkey';
import type { BetterAuthOptions } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { drizzle } from 'drizzle-orm/d1';
import { uuidv7 } from 'uuidv7';
import * as schema from '../../database/schema/accounts.ts';
import { userById } from '../../database/users.ts';
import type { Settings } from '../settings.ts';
import { withHashedTokens } from './hashed-tokens.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** A session that is not used ends after this long. */
export const SESSION_S = 12 * 3600;
/** However much it is used, a session ends this long after it was opened. */
export const SESSION_LONGEST_MS = 7 * 86_400_000;
/** How exactly a session's last use is known; each note of it is a written row. */
const SESSION_NOTED_EVERY_S = 300;
/** A passkey is added only in a session that was opened within this time. */
const FRESH_S = 86_400;

const built = new WeakMap<Settings, ReturnType<typeof buildAccounts>>();

/** Accounts and sessions are the library's work, built once an isolate. Only its functions are called, never its routes. */
export function accountsFor(database: D1Database, settings: Settings) {
  const known = built.get(settings) ?? buildAccounts(database, settings);
  built.set(settings, known);
  return known;
}

/** Whether cookies travel over https alone; development is served over http. */
const isSecure = (settings: Settings): boolean =>
  settings.appOrigins.every((origin) => origin.startsWith('https://'));

/** `__Host-` makes browsers refuse the cookie from another host or path, and over http. */
export const cookiePrefix = (settings: Settings): string =>
  isSecure(settings) ? '__Host-earshot' : 'earshot';

/** Nobody signs up: accounts are made by those who may invite. */
function buildAccounts(database: D1Database, settings: Settings) {
  const origin = settings.appOrigins[0] ?? '';
  const options = {
    database: withHashedTokens(drizzleAdapter(drizzle(database, { schema }), { provider: 'sqlite', schema })),
    secret: settings.authSecret,
    baseURL: origin,
    basePath: '/api/auth',
    trustedOrigins: [...settings.appOrigins],
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: 512,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    user: {
      additionalFields: {
        role: { type: 'string', input: false, required: true },
        disabledAtMs: { type: 'number', input: false, required: false },
      },
    },
    session: { expiresIn: SESSION_S, updateAge: SESSION_NOTED_EVERY_S, freshAge: FRESH_S },
    databaseHooks: {
      session: {
        create: {
          // The one place that all ways of signing in pass.
          before: async (session) => {
            const user = await userById(database, String(session.userId));
            return user !== null && user.disabledAtMs === null;
          },
        },
      },
    },
    plugins: [
      passkey({
        rpID: new URL(origin).hostname,
        rpName: 'Earshot',
        origin: [...settings.appOrigins],
        // A passkey is the only thing asked for: the authenticator must know its owner, and the account.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        // The library asks for it and does not look whether it was done.
        registration: {
          afterVerification: ({ verification }) =>
            onlyOwners(verification.registrationInfo?.userVerified === true),
        },
        authentication: {
          afterVerification: ({ verification }) => onlyOwners(verification.authenticationInfo.userVerified),
        },
        advanced: { webAuthnChallengeCookie: 'passkey' },
      }),
    ],
    // The doors in front limit attempts for all isolates; the library's own memory is one isolate's.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Refused attempts are in the audit log; the library's own words may hold an address.
    logger: { disabled: true },
    advanced: {
      cookiePrefix: cookiePrefix(settings),
      // The library's own prefix is the weaker `__Secure-`.
      useSecureCookies: false,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, secure: isSecure(settings), path: '/' },
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
      database: { generateId: () => uuidv7() },
    },
  } satisfies BetterAuthOptions;
  return betterAuth(options);
}

function onlyOwners(userVerified: boolean): Promise<void> {
  if (userVerified) return Promise.resolve();
  throw new APIError('UNAUTHORIZED', { code: 'USER_NOT_VERIFIED' });
}
