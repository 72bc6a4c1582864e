import * as z from 'zod/mini';
import { AtMs, Id } from '../primitives.ts';
import { NameSchema, RoleSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';
import { GivenPasswordSchema, NewPasswordSchema } from './sign-in.ts';

const tag = 'Me';

export const SimulatedSchema = z.array(z.enum(['media', 'speech', 'callers']));

export const MeSchema = z.object({
  user: z.object({ id: Id, name: z.string(), email: z.string(), role: RoleSchema }),
  /** What this deployment simulates; empty in production. */
  simulated: SimulatedSchema,
});
export type Me = z.infer<typeof MeSchema>;

export const getMe = contract({
  method: 'GET',
  path: '/api/me',
  summary: 'Who is signed in',
  tag,
  status: 200,
  reply: MeSchema,
});

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

export const SessionSchema = z.object({
  id: Uuid,
  /** Browser and system as far as they told: `Firefox on Linux`. */
  device: z.string(),
  /** Where it was opened from. */
  address: z.string(),
  createdAtMs: AtMs,
  /** Accurate to five minutes. */
  lastUsedAtMs: AtMs,
  /** It ends then, unless it is used. */
  expiresAtMs: AtMs,
  /** The one that asks. */
  current: z.boolean(),
});

export const listSessions = contract({
  method: 'GET',
  path: '/api/me/sessions',
  summary: 'Where I am signed in, last used first',
  tag,
  status: 200,
  reply: z.object({ sessions: z.array(SessionSchema) }),
});

export const revokeSession = contract({
  method: 'DELETE',
  path: '/api/me/sessions/:sessionId',
  summary: 'End one of my sessions',
  tag,
  params: z.strictObject({ sessionId: Uuid }),
  status: 204,
});

export const revokeOtherSessions = contract({
  method: 'POST',
  path: '/api/me/sessions/revoke-others',
  summary: 'End all my sessions but this one',
  tag,
  status: 200,
  reply: z.object({ revoked: z.int() }),
});
