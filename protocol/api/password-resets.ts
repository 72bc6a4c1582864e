import * as z from 'zod/mini';
import { contract } from './contract.ts';
import { LinkTokenSchema, NewPasswordSchema } from './passwords.ts';

const tag = 'Signing in';

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
