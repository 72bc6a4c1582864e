import { forgetLookups } from './vehicles.ts';

/** Everything D1 has of a call, in one batch. */
export async function deleteCall(database: D1Database, callId: string): Promise<void> {
  await database.batch([
    forgetWords(database, callId),
    ...forgetTraces(database, callId),
    ...['transcripts', 'call_backs', 'call_results', 'calls'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE call_id = ?1`).bind(callId),
    ),
  ]);
}

/** For a row whose ledger is gone, so that it cannot be made anew: name and words leave the row itself. */
export async function blankCall(database: D1Database, callId: string): Promise<void> {
  await database.batch([
    forgetWords(database, callId),
    database.prepare('DELETE FROM transcripts WHERE call_id = ?1').bind(callId),
    database.prepare('DELETE FROM call_results WHERE call_id = ?1').bind(callId),
    ...forgetTraces(database, callId),
    database
      .prepare(
        `UPDATE calls SET contact_name = NULL, contact_key = NULL, phone = NULL, words_erased = 1, contact_erased = 1,
           summary = json_set(
             json_replace(summary, '$.phone.number', NULL),
             '$.contactName', NULL, '$.lastWords', NULL, '$.attention', NULL, '$.needs', json('[]'))
         WHERE call_id = ?1`,
      )
      .bind(callId),
  ]);
}

/**
 * What its words left elsewhere goes with them: which vehicle it was about is as good as a word of it; scenarios that were made of it
 * (SCENE-4), and what was known of a try that it was.
 */
export const forgetTraces = (database: D1Database, callId: string): D1PreparedStatement[] => [
  ...forgetLookups(database, callId),
  ...[
    `DELETE FROM scenario_runs WHERE call_id = ?1
       OR scenario_id IN (SELECT scenario_id FROM scenarios WHERE from_call = ?1)`,
    'DELETE FROM scenarios WHERE from_call = ?1',
  ].map((sql) => database.prepare(sql).bind(callId)),
];

/** Before the row goes, whose number the index knows it by. */
const forgetWords = (database: D1Database, callId: string): D1PreparedStatement =>
  database
    .prepare('DELETE FROM call_words WHERE rowid = (SELECT rowid FROM calls WHERE call_id = ?1)')
    .bind(callId);
