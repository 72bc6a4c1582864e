import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { calls } from './calls.ts';

/** What each call that was ended came to. Personal data: it quotes. */
export const callResults = sqliteTable(
  'call_results',
  {
    callId: text('call_id')
      .primaryKey()
      .references(() => calls.callId),
    /** Number of the ledger's last words it was judged by: an older judgement never replaces a newer one. */
    wordsSeq: integer('words_seq').notNull(),
    source: text('source', { enum: ['model', 'rules'] }).notNull(),
    /** As people are to see them: a correction's, where there is one. */
    disposition: text('disposition').notNull(),
    interest: text('interest').notNull(),
    /** The domain's `CallResult` as JSON, uncorrected. */
    result: text('result').notNull(),
    judgedAtMs: integer('judged_at_ms').notNull(),
    /** How often a model was asked in vain, and when it may be asked again; null: it has judged, or never will. */
    tries: integer('tries').notNull().default(0),
    nextTryAtMs: integer('next_try_at_ms'),
    /** The domain's `Correction`, by whom (as the audit log names them, and as people do) and when. */
    correction: text('correction'),
    correctedByName: text('corrected_by_name'),
    correctedAtMs: integer('corrected_at_ms'),
  },
  (table) => [
    index('results_by_interest').on(table.interest, table.callId),
    index('results_owed')
      .on(table.nextTryAtMs)
      .where(sql`next_try_at_ms is not null`),
    check('results_source', sql`${table.source} in ('model', 'rules')`),
    check('results_result', sql`json_type(${table.result}) = 'object'`),
  ],
);
