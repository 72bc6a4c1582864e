import * as z from 'zod/mini';
import { NameSchema } from './common.ts';
import { contract } from './contract.ts';
import { GivenPasswordSchema, NewPasswordSchema } from './passwords.ts';
import { MeSchema } from './session.ts';

const tag = 'Me';

export const changeMe = contract({
  method: 'PATCH',
  path: '/api/me',
  summary: 'Change my name',
  tag,
  body: z.strictObject({ name: NameSchema }),
  status: 200,
  reply: MeSchema,
});

export const changePassword = contract({
  method: 'POST',
  path: '/api/me/password',
  summary: 'Change my password. It asks for the current one and ends my other sessions',
  tag,
  body: z.strictObject({ currentPassword: GivenPasswordSchema, newPassword: NewPasswordSchema }),
  status: 204,
});
