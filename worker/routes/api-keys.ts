import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { createKeyStatement, keysPage, revokeKey } from '../../database/api-keys.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/keys.ts';
import { makeKey } from '../access/api-key.ts';
import { signedIn } from '../access/signed-in.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOf } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

const DAY_MS = 86_400_000;

export const apiKeyRoutes = new Hono<AppEnv>();

serve(apiKeyRoutes, contracts.createKey, async (c, { body }) => {
  const nowMs = Date.now();
  const id = c.get('newId') ?? uuidv7();
  const { userId, name: createdBy } = signedIn(c);
  const scopes = [...new Set(body.scopes)];
  const expiresAtMs = body.expiresInDays === undefined ? null : nowMs + body.expiresInDays * DAY_MS;
  const { secret, secretHash } = await makeKey(id);
  const row = { id, secretHash, name: body.name, scopes, createdBy: userId, expiresAtMs, nowMs };
  await c.env.DB.batch([
    createKeyStatement(c.env.DB, row),
    auditOf(c, 'apiKey.created', { subject: `apiKey:${id}`, detail: scopes.join(' ') }),
  ]);
  const key = {
    ...{ id, name: body.name, scopes, createdBy, createdAtMs: nowMs, expiresAtMs },
    ...{ lastUsedAtMs: null, revokedAtMs: null },
  };
  return { key, secret };
});

serve(apiKeyRoutes, contracts.listKeys, (c, { query }) =>
  keysPage(c.env.DB, query.cursor ?? null, rowsOf(query.limit)),
);

serve(apiKeyRoutes, contracts.revokeKey, async (c, { params: { keyId } }) => {
  if (!(await revokeKey(c.env.DB, keyId, Date.now()))) {
    return refuse(c, 'not_found', 'There is no such key that is not revoked.');
  }
  await audit(c, 'apiKey.revoked', { subject: `apiKey:${keyId}` });
  return undefined;
});
