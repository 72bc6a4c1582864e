import { endSessionsStatement } from './sessions.ts';
import { setPasswordStatement } from './users.ts';

export const RESET_GOOD_MS = 24 * 3_600_000;

/** The new link, in place of earlier ones, and the end of the person's sessions. */
export function createResetStatements(
  database: D1Database,
  made: {
    readonly tokenHash: string;
    readonly userId: string;
    readonly createdBy: string;
    readonly nowMs: number;
  },
): D1PreparedStatement[] {
  return [
    database
      .prepare('UPDATE password_resets SET used_at_ms = ?2 WHERE user_id = ?1 AND used_at_ms IS NULL')
      .bind(made.userId, made.nowMs),
    database
      .prepare(
        `INSERT INTO password_resets (token_hash, user_id, created_by, created_at_ms, expires_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5)`,
      )
      .bind(made.tokenHash, made.userId, made.createdBy, made.nowMs, made.nowMs + RESET_GOOD_MS),
    endSessionsStatement(database, made.userId),
  ];
}

export interface OpenReset {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly expiresAtMs: number;
}

/** Whose password the link sets, or null when it sets none any more. */
export async function openReset(
  database: D1Database,
  tokenHash: string,
  nowMs: number,
): Promise<OpenReset | null> {
  return database
    .prepare(
      `SELECT user.id AS userId, user.name, user.email, expires_at_ms AS expiresAtMs
       FROM password_resets JOIN user ON user.id = password_resets.user_id
       WHERE token_hash = ?1 AND used_at_ms IS NULL AND expires_at_ms > ?2`,
    )
    .bind(tokenHash, nowMs)
    .first<OpenReset>();
}

/** Uses the link up. @returns false when another request was first: then nothing may be changed by it. */
export async function useReset(database: D1Database, tokenHash: string, nowMs: number): Promise<boolean> {
  const { meta } = await database
    .prepare(
      'UPDATE password_resets SET used_at_ms = ?2 WHERE token_hash = ?1 AND used_at_ms IS NULL AND expires_at_ms > ?2',
    )
    .bind(tokenHash, nowMs)
    .run();
  return meta.changes > 0;
}

/** Every way in that was open before is shut: whoever stole one may have added a passkey. */
export function resetStatements(
  database: D1Database,
  userId: string,
  passwordHash: string,
  nowMs: number,
): D1PreparedStatement[] {
  return [
    setPasswordStatement(database, userId, passwordHash, nowMs),
    database.prepare('DELETE FROM passkey WHERE userId = ?1').bind(userId),
    endSessionsStatement(database, userId),
  ];
}
