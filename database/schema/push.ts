import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { user } from './accounts.ts';

/** Devices that people let us push to; gone with the person, or when the push service says so. Times are epoch ms. */
export const pushSubscriptions = sqliteTable(
  'push_subscriptions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    /** The push service's address for this one device. */
    endpoint: text('endpoint').notNull().unique(),
    p256dh: text('p256dh').notNull(),
    auth: text('auth').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('push_subscriptions_by_user').on(table.userId)],
);

/** Kinds of notices that a person does not want pushed. */
export const pushMutes = sqliteTable(
  'push_mutes',
  {
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    kind: text('kind').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.kind] })],
);
