import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Endpoints that are told of events. Their secrets and deliveries are with each endpoint's own desk
 * (`durable-objects/webhook-desk.ts`), which reads this row before each try. Times are epoch ms.
 */
export const webhooks = sqliteTable(
  'webhooks',
  {
    /** UUIDv7: its order is that of registration. */
    id: text('id').primaryKey(),
    url: text('url').notNull(),
    description: text('description').notNull(),
    /** Names of events as a JSON list. */
    events: text('events').notNull(),
    includePersonalData: integer('include_personal_data', { mode: 'boolean' }).notNull(),
    enabled: integer('enabled', { mode: 'boolean' }).notNull(),
    /** Null while enabled. */
    disabledReason: text('disabled_reason', { enum: ['byPerson', 'gone', 'failing'] }),
    createdAtMs: integer('created_at_ms').notNull(),
    changedAtMs: integer('changed_at_ms').notNull(),
  },
  (table) => [
    check('webhooks_reason', sql`${table.disabledReason} in ('byPerson', 'gone', 'failing')`),
    check('webhooks_enabled', sql`(${table.enabled} = 1) = (${table.disabledReason} is null)`),
  ],
);
