import * as z from 'zod/mini';
import type { KeySchema } from '../protocol/api/keys.ts';
import { ScopeSchema, type Scope } from '../protocol/api/scopes.ts';
import { cutPage } from './page.ts';

/** A key's last use is written at most once in this time: each write costs a row. */
const USE_WRITTEN_EVERY_MS = 60_000;

type Key = z.infer<typeof KeySchema>;
type Stored = Omit<Key, 'scopes'> & { readonly scopes: string };

const COLUMNS = `api_keys.id, api_keys.name, scopes, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs,
  last_used_at_ms AS lastUsedAtMs, revoked_at_ms AS revokedAtMs`;

/** Again with the same id it renews the secret: the request was repeated after a crash, and nobody saw the first one. */
export function createKeyStatement(
  database: D1Database,
  made: {
    readonly id: string;
    readonly secretHash: string;
    readonly name: string;
    readonly scopes: readonly Scope[];
    readonly createdBy: string;
    readonly expiresAtMs: number | null;
    readonly nowMs: number;
  },
): D1PreparedStatement {
  return database
    .prepare(
      `INSERT INTO api_keys (id, secret_hash, name, scopes, created_by, created_at_ms, expires_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (id) DO UPDATE SET secret_hash = excluded.secret_hash`,
    )
    .bind(
      made.id,
      made.secretHash,
      made.name,
      JSON.stringify(made.scopes),
      made.createdBy,
      made.nowMs,
      made.expiresAtMs,
    );
}

/** Newest first; the cursor is the last row's id. */
export async function keysPage(
  database: D1Database,
  cursor: string | null,
  limit: number,
): Promise<{ keys: Key[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(
      `SELECT ${COLUMNS}, user.name AS createdBy FROM api_keys JOIN user ON user.id = api_keys.created_by
       WHERE api_keys.id < ?1 ORDER BY api_keys.id DESC LIMIT ?2`,
    )
    .bind(cursor ?? '~', limit + 1)
    .all<Stored>();
  const { page, nextCursor } = cutPage(results, limit, (last) => last.id);
  return { keys: page.map((row) => ({ ...row, scopes: scopesOf(row.scopes) })), nextCursor };
}

export interface UsableKey {
  readonly id: string;
  readonly name: string;
  readonly secretHash: string;
  readonly scopes: readonly Scope[];
  readonly lastUsedAtMs: number | null;
}

/** The key of this id, unless it is revoked or has expired. The secret is yet to be compared. */
export async function usableKey(
  database: D1Database,
  keyId: string,
  nowMs: number,
): Promise<UsableKey | null> {
  const row = await database
    .prepare(
      `SELECT ${COLUMNS}, secret_hash AS secretHash FROM api_keys
       WHERE id = ?1 AND revoked_at_ms IS NULL AND (expires_at_ms IS NULL OR expires_at_ms > ?2)`,
    )
    .bind(keyId, nowMs)
    .first<Stored & { readonly secretHash: string }>();
  return row === null ? null : { ...row, scopes: scopesOf(row.scopes) };
}

export async function noteKeyUse(database: D1Database, key: UsableKey, nowMs: number): Promise<void> {
  if (key.lastUsedAtMs !== null && nowMs - key.lastUsedAtMs < USE_WRITTEN_EVERY_MS) return;
  await database.prepare('UPDATE api_keys SET last_used_at_ms = ?2 WHERE id = ?1').bind(key.id, nowMs).run();
}

/** @returns whether there was an unrevoked key. */
export async function revokeKey(database: D1Database, keyId: string, nowMs: number): Promise<boolean> {
  const { meta } = await database
    .prepare('UPDATE api_keys SET revoked_at_ms = ?2 WHERE id = ?1 AND revoked_at_ms IS NULL')
    .bind(keyId, nowMs)
    .run();
  return meta.changes > 0;
}

/** Scopes that a later version dropped open nothing. */
function scopesOf(stored: string): Scope[] {
  const list = z.parse(z.array(z.string()), JSON.parse(stored));
  return list.flatMap((each) => {
    const scope = z.safeParse(ScopeSchema, each);
    return scope.success ? [scope.data] : [];
  });
}
