import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, newPerson, post, signIn } from './world.ts';

type Headers = Record<string, string>;
let admin: Headers;

beforeAll(async () => {
  admin = await signIn('admin');
});

interface Made {
  readonly key: { id: string; scopes: string[]; expiresAtMs: number | null };
  readonly secret: string;
}
const make = async (given: object = {}): Promise<Made> => {
  const response = await post('/api/keys', { name: 'Integration', scopes: ['users:read'], ...given }, admin);
  expect(response.status).toBe(201);
  return response.json<Made>();
};
const use = async (secret: string, path = '/api/users'): Promise<number> =>
  (await ask(path, { headers: { authorization: `Bearer ${secret}` } })).status;
const stored = (keyId: string) =>
  env.DB.prepare('SELECT * FROM api_keys WHERE id = ?')
    .bind(keyId)
    .first<{ secret_hash: string; last_used_at_ms: number | null }>();

describe('an API key', () => {
  it('ACCESS-17 is shown once and kept as a digest', async () => {
    const headers = { ...admin, 'idempotency-key': crypto.randomUUID() };
    const body = { name: 'Integration', scopes: ['users:read'] };
    const first = await post('/api/keys', body, headers);
    const { key, secret } = await first.json<Made>();
    expect(secret).toMatch(/^esk_[0-9a-f]{32}_[0-9a-f]{64}$/);
    expect(await (await post('/api/keys', body, headers)).json()).toMatchObject({ code: 'already_done' });
    const proof = secret.split('_')[2]!;
    const tables = ['api_keys', 'audit', 'idempotency_keys'];
    const dump = await Promise.all(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()));
    expect(JSON.stringify(dump)).not.toContain(proof);
    const list = await (await ask('/api/keys', { headers: admin })).text();
    expect(list).toContain(key.id);
    expect(list).not.toContain(proof);
    expect(list).not.toContain((await stored(key.id))!.secret_hash);
  });

  it('ACCESS-17 opens what its scopes name, and nothing that people do with a session', async () => {
    const { secret } = await make({ scopes: ['users:read', 'users:read'] });
    expect(await use(secret)).toBe(200);
    for (const path of ['/api/audit', '/api/calls', '/api/keys', '/api/me', '/debug/env', '/ws/board']) {
      expect(await use(secret, path)).toBe(403);
    }
  });

  it('ACCESS-17 changed in any part it opens nothing', async () => {
    const { secret } = await make();
    const other = await make();
    const [, id = '', proof = ''] = secret.split('_');
    const forged = [
      `esk_${id}_${proof.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`,
      `esk_${other.secret.split('_')[1]}_${proof}`,
      `esk_${id}_${(await stored((await make()).key.id))!.secret_hash}`,
      `esk_${id}_`,
      `esk_${id}_${proof}0`,
      'esk_',
    ];
    for (const each of forged) expect(await use(each)).toBe(401);
    expect(await use(secret)).toBe(200);
  });

  it('ACCESS-18 is refused from the moment it is revoked or has expired', async () => {
    const { key, secret } = await make({ expiresInDays: 30 });
    expect(key.expiresAtMs).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect(await use(secret)).toBe(200);
    await env.DB.prepare('UPDATE api_keys SET expires_at_ms = ? WHERE id = ?')
      .bind(Date.now() - 1, key.id)
      .run();
    expect(await use(secret)).toBe(401);
    const forever = await make();
    const revoke = { method: 'DELETE', headers: admin };
    expect((await ask(`/api/keys/${forever.key.id}`, revoke)).status).toBe(204);
    expect(await use(forever.secret)).toBe(401);
    expect((await ask(`/api/keys/${forever.key.id}`, revoke)).status).toBe(404);
  });

  it('ACCESS-18 tells when it was last used, and writes that once a minute', async () => {
    const { key, secret } = await make();
    expect((await stored(key.id))!.last_used_at_ms).toBeNull();
    await use(secret);
    const { last_used_at_ms: first } = (await stored(key.id))!;
    expect(first).not.toBeNull();
    await use(secret);
    expect((await stored(key.id))!.last_used_at_ms).toBe(first);
    await env.DB.prepare('UPDATE api_keys SET last_used_at_ms = ?2 WHERE id = ?1')
      .bind(key.id, first! - 61_000)
      .run();
    await use(secret);
    expect((await stored(key.id))!.last_used_at_ms).toBeGreaterThanOrEqual(first!);
  });

  it('ACCESS-18 has a limit of its own', async () => {
    const [busy, quiet] = [await make({ scopes: ['calls:read'] }), await make({ scopes: ['calls:read'] })];
    // More than two windows of the limit allow.
    const statuses = await Promise.all(Array.from({ length: 210 }, () => use(busy.secret, '/api/calls')));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    expect(await use(quiet.secret, '/api/calls')).toBe(200);
  });

  it('is made of known scopes, at least one, and of nothing else', async () => {
    const wrong: [object, string][] = [
      [{ scopes: [] }, 'scopes'],
      [{ scopes: ['everything'] }, 'scopes.0'],
      [{ expiresInDays: 0 }, 'expiresInDays'],
      [{ expiresInDays: 1.5 }, 'expiresInDays'],
      [{ role: 'admin' }, 'role'],
    ];
    for (const [given, field] of wrong) {
      const body = { name: 'x', scopes: ['users:read'], ...given };
      const response = await post('/api/keys', body, admin);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field }] });
    }
  });

  it('is listed newest first, page by page', async () => {
    await newPerson('viewer');
    const [older, newer] = [await make(), await make()];
    const page = await (
      await ask('/api/keys?limit=1', { headers: admin })
    ).json<{
      keys: { id: string; createdBy: string }[];
      nextCursor: string;
    }>();
    expect(page.keys).toMatchObject([{ id: newer.key.id, createdBy: 'Test admin' }]);
    const next = await ask(`/api/keys?limit=1&cursor=${page.nextCursor}`, { headers: admin });
    expect(await next.json()).toMatchObject({ keys: [{ id: older.key.id }] });
  });
});
