import * as z from 'zod/mini';
import { EmailSchema } from './common.ts';
import { contract } from './contract.ts';
import { GivenPasswordSchema } from './passwords.ts';

const tag = 'Signing in';

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
