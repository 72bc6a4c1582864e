/** Everything D1 has of a call, in one batch. */
export async function deleteCall(database: D1Database, callId: string): Promise<void> {
  await database.batch(
    ['transcripts', 'call_backs', 'calls'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE call_id = ?1`).bind(callId),
    ),
  );
}

/** For a row whose ledger is gone, so that it cannot be made anew: name and words leave the row itself. */
export async function blankCall(database: D1Database, callId: string): Promise<void> {
  await database.batch([
    database.prepare('DELETE FROM transcripts WHERE call_id = ?1').bind(callId),
    database
      .prepare(
        `UPDATE calls SET contact_name = NULL, contact_key = NULL, words_erased = 1, contact_erased = 1,
           summary = json_set(summary, '$.contactName', NULL, '$.lastWords', NULL, '$.attention', NULL)
         WHERE call_id = ?1`,
      )
      .bind(callId),
  ]);
}
