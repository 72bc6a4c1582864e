import * as z from 'zod/mini';
import { EmailSchema, NameSchema } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Signing in';

/** What was typed to get in: any text, so that an old short password still opens its account. */
export const GivenPasswordSchema = z.string().check(z.minLength(1), z.maxLength(512));
/**
 * A password that is to be set: 12 to 256 characters of any kind. That it is not the e-mail address is checked by whoever
 * knows the address.
 */
export const NewPasswordSchema = z.string().check(z.regex(/^[\s\S]{12,256}$/u));
/** The secret part of a one-time link: 256 random bits. It travels in the link's fragment, never in a path. */
export const LinkTokenSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

export const signIn = contract({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  summary: 'Sign in with e-mail address and password: the answer sets the session cookie',
  tag,
  body: z.strictObject({ email: EmailSchema, password: GivenPasswordSchema }),
  status: 204,
});

export const signOut = contract({
  method: 'POST',
  path: '/api/auth/sign-out',
  summary: 'End the session that the cookie stands for, if there is one',
  tag,
  status: 204,
});

export const setUp = contract({
  method: 'POST',
  path: '/api/setup',
  summary:
    "Make the first account, an admin's, with the deployment's SETUP_TOKEN. Closed once any account exists",
  tag,
  body: z.strictObject({
    setupToken: z.string().check(z.minLength(1), z.maxLength(512)),
    email: EmailSchema,
    name: NameSchema,
    password: NewPasswordSchema,
  }),
  status: 204,
});

const LinkSchema = z.strictObject({ token: LinkTokenSchema });

export const openPasswordReset = contract({
  method: 'POST',
  path: '/api/password-resets/open',
  summary: 'Whose password a reset link sets. It changes nothing',
  tag,
  body: LinkSchema,
  status: 200,
  reply: z.object({ email: z.string(), expiresAtMs: z.int() }),
});

export const completePasswordReset = contract({
  method: 'POST',
  path: '/api/password-resets/complete',
  summary: 'Set a new password by a reset link: sessions and passkeys of before end. Then sign in',
  tag,
  body: z.strictObject({ token: LinkTokenSchema, password: NewPasswordSchema }),
  status: 204,
});
