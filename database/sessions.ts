export interface SessionRow {
  readonly id: string;
  readonly userAgent: string;
  readonly address: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  readonly expiresAtMs: number;
}

/** A person's sessions that have not ended, last used first; never their tokens. */
export async function liveSessions(
  database: D1Database,
  userId: string,
  { openedAfterMs, nowMs }: { readonly openedAfterMs: number; readonly nowMs: number },
): Promise<SessionRow[]> {
  const { results } = await database
    .prepare(
      `SELECT id, coalesce(userAgent, '') AS userAgent, coalesce(ipAddress, '') AS address,
         createdAt AS createdAtMs, updatedAt AS lastUsedAtMs, expiresAt AS expiresAtMs
       FROM session WHERE userId = ?1 AND expiresAt > ?2 AND createdAt > ?3
       ORDER BY updatedAt DESC, id LIMIT 200`,
    )
    .bind(userId, nowMs, openedAfterMs)
    .all<SessionRow>();
  return results;
}

/** Ends one session of this person. @returns whether there was one. */
export async function endSession(database: D1Database, userId: string, sessionId: string): Promise<boolean> {
  const { meta } = await database
    .prepare('DELETE FROM session WHERE id = ?1 AND userId = ?2')
    .bind(sessionId, userId)
    .run();
  return meta.changes > 0;
}

/** The statement that ends a person's sessions, all or all but one: part of every change of who they are. */
export function endSessionsStatement(
  database: D1Database,
  userId: string,
  exceptSessionId: string | null = null,
): D1PreparedStatement {
  return database
    .prepare("DELETE FROM session WHERE userId = ?1 AND id <> coalesce(?2, '')")
    .bind(userId, exceptSessionId);
}

/** Part of the daily job: sessions and passkey questions that have ended anyway. */
export async function forgetEndedSessions(
  database: D1Database,
  { openedBeforeMs, nowMs }: { readonly openedBeforeMs: number; readonly nowMs: number },
): Promise<void> {
  await database.batch([
    database
      .prepare('DELETE FROM session WHERE expiresAt < ?1 OR createdAt < ?2')
      .bind(nowMs, openedBeforeMs),
    database.prepare('DELETE FROM verification WHERE expiresAt < ?1').bind(nowMs),
  ]);
}
