import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { user } from './accounts.ts';

/** Keys of machines: the secret's SHA-256 alone is kept, revoked rows stay for the record. */
export const apiKeys = sqliteTable('api_keys', {
  id: text('id').primaryKey(),
  secretHash: text('secret_hash').notNull(),
  name: text('name').notNull(),
  /** A JSON list of scopes. */
  scopes: text('scopes').notNull(),
  createdBy: text('created_by')
    .notNull()
    .references(() => user.id),
  createdAtMs: integer('created_at_ms').notNull(),
  expiresAtMs: integer('expires_at_ms'),
  lastUsedAtMs: integer('last_used_at_ms'),
  revokedAtMs: integer('revoked_at_ms'),
});
