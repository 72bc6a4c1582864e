import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { CursorSchema, LimitSchema, NameSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';
import { ScopeSchema, scopes } from './scopes.ts';

const tag = 'API keys';

export const KeySchema = z.object({
  id: Uuid,
  name: z.string(),
  scopes: z.array(ScopeSchema),
  /** The name of who made it, as it is now. */
  createdBy: z.string(),
  createdAtMs: AtMs,
  /** Null: never. */
  expiresAtMs: z.nullable(AtMs),
  /** Accurate to a minute; null before its first use. */
  lastUsedAtMs: z.nullable(AtMs),
  revokedAtMs: z.nullable(AtMs),
});

export const createKey = contract({
  method: 'POST',
  path: '/api/keys',
  summary: 'Make an API key. The key itself is in this answer and never shown again',
  tag,
  body: z.strictObject({
    name: NameSchema,
    scopes: z.array(ScopeSchema).check(z.minLength(1), z.maxLength(scopes.length)),
    /** Left out: it never expires. */
    expiresInDays: z.optional(z.int().check(z.minimum(1), z.maximum(3_650))),
  }),
  status: 201,
  reply: z.object({
    key: KeySchema,
    /** `esk_<id>_<secret>`, sent as `Authorization: Bearer`. */
    secret: z.string(),
  }),
  idempotency: 'once',
  leadsTo: { 'DELETE /api/keys/:keyId': { param: 'keyId', field: '/key/id' } },
});

export const listKeys = contract({
  method: 'GET',
  path: '/api/keys',
  summary: 'API keys, newest first, also those revoked and expired',
  tag,
  query: z.strictObject({ cursor: z.optional(CursorSchema), limit: z.optional(LimitSchema) }),
  status: 200,
  reply: z.object({ keys: z.array(KeySchema), nextCursor: z.nullable(z.string()) }),
});

export const revokeKey = contract({
  method: 'DELETE',
  path: '/api/keys/:keyId',
  summary: 'Revoke an API key: its next request is refused',
  tag,
  params: z.strictObject({ keyId: Uuid }),
  status: 204,
});
