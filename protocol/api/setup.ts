import * as z from 'zod/mini';
import { EmailSchema, NameSchema } from './common.ts';
import { contract } from './contract.ts';
import { NewPasswordSchema } from './passwords.ts';

const tag = 'Signing in';

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
