import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Who did what to whom, from where. Append-only: triggers of the migration refuse changes, and removal of what is
 * younger than a month. The actions and their meaning: `database/audit.ts`.
 */
export const audit = sqliteTable(
  'audit',
  {
    /** UUIDv7: its order is the log's order. */
    id: text('id').primaryKey(),
    atMs: integer('at_ms').notNull(),
    action: text('action').notNull(),
    actor: text('actor').notNull(),
    actorName: text('actor_name'),
    subject: text('subject'),
    detail: text('detail'),
    address: text('address'),
    requestId: text('request_id'),
  },
  (table) => [
    index('audit_by_action').on(table.action, table.id),
    index('audit_by_actor').on(table.actor, table.id),
    index('audit_by_subject').on(table.subject, table.id),
  ],
);
