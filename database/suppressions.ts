/** Puts a number on the do-not-call list, and takes it out of every campaign's queue. Safe to repeat: the first reason stays. */
export async function suppress(
  database: D1Database,
  phone: string,
  by: {
    readonly source: 'person' | 'import' | 'call';
    readonly reason: string;
    readonly addedBy: string;
    readonly callId: string | null;
  },
  nowMs: number,
): Promise<void> {
  await database.batch([
    database
      .prepare(
        `INSERT INTO suppressions (phone, source, reason, added_by, call_id, added_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING`,
      )
      .bind(phone, by.source, by.reason, by.addedBy, by.callId, nowMs),
    database
      .prepare(
        `UPDATE leads SET status = 'doNotCall' WHERE phone = ?1 AND status IN ('waiting', 'exhausted')`,
      )
      .bind(phone),
  ]);
}
