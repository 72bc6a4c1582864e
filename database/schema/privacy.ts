import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Persons to be erased, as the calls they were found in: their names are kept nowhere. Times are epoch ms. */
export const erasures = sqliteTable(
  'erasures',
  {
    /** UUIDv7: its order is that of asking. */
    id: text('id').primaryKey(),
    /** As the audit log names them. */
    requestedBy: text('requested_by').notNull(),
    calls: integer('calls').notNull(),
    requestedAtMs: integer('requested_at_ms').notNull(),
    doneAtMs: integer('done_at_ms'),
    /** Given up: some call could not be erased for days. */
    failedAtMs: integer('failed_at_ms'),
  },
  (table) => [check('erasures_end', sql`${table.doneAtMs} is null or ${table.failedAtMs} is null`)],
);

/** No reference to the call: the daily job may delete it first. */
export const erasureCalls = sqliteTable(
  'erasure_calls',
  {
    erasureId: text('erasure_id')
      .notNull()
      .references(() => erasures.id),
    callId: text('call_id').notNull(),
    erasedAtMs: integer('erased_at_ms'),
  },
  (table) => [primaryKey({ columns: [table.erasureId, table.callId] })],
);

/** How long each kind of data is kept, days, and the daily job's progress: one row. Null days: for ever. */
export const retention = sqliteTable(
  'retention',
  {
    one: integer('one').primaryKey(),
    wordsDays: integer('words_days'),
    contactsDays: integer('contacts_days'),
    callsDays: integer('calls_days'),
    auditDays: integer('audit_days'),
    /** When the run that is under way began; null while none is. */
    runningSinceMs: integer('running_since_ms'),
    /** What this run has removed so far. */
    calls: integer('calls').notNull().default(0),
    words: integer('words').notNull().default(0),
    contacts: integer('contacts').notNull().default(0),
    audit: integer('audit').notNull().default(0),
    /** What the last one removed, as JSON. */
    lastRun: text('last_run'),
  },
  (table) => [
    check('retention_one', sql`${table.one} = 1`),
    check('retention_audit', sql`${table.auditDays} >= 30`),
  ],
);
