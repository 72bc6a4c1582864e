import { sql } from 'drizzle-orm';
import { user } from './accounts.ts';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** A call as history shows it: a projection of its ledger, rebuilt whole each time (LEDGER-7). Times are epoch ms. */
export const calls = sqliteTable(
  'calls',
  {
    callId: text('call_id').primaryKey(),
    profile: text('profile').notNull(),
    channel: text('channel', { enum: ['web', 'phone', 'lab'] }).notNull(),
    phase: text('phase', { enum: ['requested', 'connecting', 'inProgress', 'ended'] }).notNull(),
    outcome: text('outcome'),
    contactName: text('contact_name'),
    /** The name as it is searched for: `contactKeyOf`. */
    contactKey: text('contact_key'),
    campaignId: text('campaign_id'),
    leadId: text('lead_id'),
    /** The customer's number, E.164. */
    phone: text('phone'),
    /** What was erased of it: the daily job goes by these. */
    wordsErased: integer('words_erased', { mode: 'boolean' }).notNull().default(false),
    contactErased: integer('contact_erased', { mode: 'boolean' }).notNull().default(false),
    requestedAtMs: integer('requested_at_ms').notNull(),
    answeredAtMs: integer('answered_at_ms'),
    endedAtMs: integer('ended_at_ms'),
    utterances: integer('utterances').notNull(),
    /** By the prices of its end, millionths of a US dollar; null while it is in progress. */
    costMicros: integer('cost_micros'),
    /** Of each exchange, from the end of the customer's speech to the agent's first sound, ms: a JSON array; null before the end. */
    turnMs: text('turn_ms'),
    /** The ledger's head this row was made from: an older projection never overwrites a newer one. */
    head: integer('head').notNull(),
    /** The row as `CallSummary` JSON. */
    summary: text('summary').notNull(),
  },
  (table) => [
    index('calls_by_end').on(table.phase, table.endedAtMs, table.callId),
    index('calls_of_campaign')
      .on(table.campaignId, table.endedAtMs, table.callId)
      .where(sql`campaign_id is not null`),
    index('calls_cost_of_campaign')
      .on(table.campaignId, table.costMicros)
      .where(sql`campaign_id is not null`),
    index('calls_of_outcome').on(table.outcome, table.endedAtMs, table.callId),
    index('calls_of_name')
      .on(table.contactKey)
      .where(sql`contact_key is not null`),
    index('calls_of_number')
      .on(table.phone, table.endedAtMs, table.callId)
      .where(sql`phone is not null`),
    check('calls_phase', sql`${table.phase} in ('requested', 'connecting', 'inProgress', 'ended')`),
    check('calls_ended', sql`(${table.phase} = 'ended') = (${table.endedAtMs} is not null)`),
    check('calls_outcome', sql`(${table.phase} = 'ended') = (${table.outcome} is not null)`),
  ],
);

/**
 * What was said, in speaking order: a page holds up to `UTTERANCES_A_PAGE` utterances as JSON, because each row written is
 * paid for and each of its index entries again. A projection of the ledger, rewritten when late words find their place.
 */
export const transcripts = sqliteTable(
  'transcripts',
  {
    callId: text('call_id')
      .notNull()
      .references(() => calls.callId),
    /** From 0. */
    page: integer('page').notNull(),
    /** Array of the domain's `Utterance`; SQL reads it through `json_each`. */
    utterances: text('utterances').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.callId, table.page] }),
    check('transcripts_utterances', sql`json_type(${table.utterances}) = 'array'`),
  ],
);

/** Call backs we promised and have not yet made: a projection, one a call. */
export const callBacks = sqliteTable(
  'call_backs',
  {
    callId: text('call_id')
      .primaryKey()
      .references(() => calls.callId),
    promisedAtMs: integer('promised_at_ms').notNull(),
    /** When someone called back; null while it is owed. */
    settledAtMs: integer('settled_at_ms'),
    /** Who said so, as the audit log names them. */
    settledBy: text('settled_by'),
  },
  (table) => [index('call_backs_owed').on(table.settledAtMs, table.promisedAtMs)],
);

/**
 * `call_words`, which drizzle cannot describe: an FTS5 index of what was said, one row a call under its `calls.rowid`. It
 * deletes for good (`secure-delete`), so that erased words leave its pages too. Made in migration 0007.
 */

/** Filters of history that somebody gave a name. */
export const savedViews = sqliteTable(
  'saved_views',
  {
    viewId: text('view_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** Of the page's address, as it stands after the question mark. */
    query: text('query').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('saved_views_by_user').on(table.userId, table.viewId)],
);
