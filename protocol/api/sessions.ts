import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Me';

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
