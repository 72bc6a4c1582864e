import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Answers to creates, kept a day to be given again. `name` is a digest of principal, route and key. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    name: text('name').primaryKey(),
    bodyHash: text('body_hash').notNull(),
    /** The id of what is made, the same for every attempt. */
    newId: text('new_id').notNull(),
    claimedAtMs: integer('claimed_at_ms').notNull(),
    /** Null while the first request runs. */
    status: integer('status'),
    contentType: text('content_type'),
    body: text('body'),
  },
  (table) => [index('idempotency_keys_by_age').on(table.claimedAtMs)],
);
