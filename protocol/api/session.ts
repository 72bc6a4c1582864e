import * as z from 'zod/mini';
import { Id } from '../primitives.ts';
import { RoleSchema } from './common.ts';
import { contract } from './contract.ts';

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
