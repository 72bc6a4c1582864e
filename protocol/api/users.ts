import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { CursorSchema, LimitSchema, RoleSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Users';
const UserParams = z.strictObject({ userId: Uuid });

export const UserSchema = z.object({
  id: Uuid,
  name: z.string(),
  email: z.string(),
  role: RoleSchema,
  createdAtMs: AtMs,
  /** Null while the person may sign in. */
  disabledAtMs: z.nullable(AtMs),
});
export type UserRow = z.infer<typeof UserSchema>;

export const listUsers = contract({
  method: 'GET',
  path: '/api/users',
  summary: 'Everyone with an account, oldest account first',
  tag,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ users: z.array(UserSchema), nextCursor: z.nullable(z.string()) }),
});

export const changeRole = contract({
  method: 'PUT',
  path: '/api/users/:userId/role',
  summary: "Change a person's role, which ends their sessions. The last active admin keeps theirs",
  tag,
  params: UserParams,
  body: z.strictObject({ role: RoleSchema }),
  status: 200,
  reply: UserSchema,
});

export const disableUser = contract({
  method: 'POST',
  path: '/api/users/:userId/disable',
  summary: 'Keep a person out: their sessions end and they cannot sign in. Not for the last active admin',
  tag,
  params: UserParams,
  status: 200,
  reply: UserSchema,
});

export const enableUser = contract({
  method: 'POST',
  path: '/api/users/:userId/enable',
  summary: 'Let a disabled person sign in again',
  tag,
  params: UserParams,
  status: 200,
  reply: UserSchema,
});

/** A link that is shown once: only a digest of its secret is kept. No e-mail is sent: whoever made it passes it on. */
export const OneTimeLinkSchema = z.object({ link: z.string(), expiresAtMs: AtMs });

export const resetPassword = contract({
  method: 'POST',
  path: '/api/users/:userId/reset-password',
  summary:
    'Make a link, good once and for 24 hours, that sets a new password. Their sessions end at once. No e-mail is sent: pass the link on',
  tag,
  params: UserParams,
  status: 201,
  reply: OneTimeLinkSchema,
  idempotency: 'once',
});
