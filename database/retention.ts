import type { Retention } from '../protocol/api/privacy.ts';

/** What a run has removed. */
export interface Removed {
  readonly calls: number;
  readonly words: number;
  readonly contacts: number;
  readonly audit: number;
}

interface Row {
  readonly words_days: number | null;
  readonly contacts_days: number | null;
  readonly calls_days: number | null;
  readonly audit_days: number | null;
  readonly running_since_ms: number | null;
  readonly calls: number;
  readonly words: number;
  readonly contacts: number;
  readonly audit: number;
  readonly last_run: string | null;
}

export interface Retained {
  readonly retention: Retention;
  readonly lastRun: ({ readonly atMs: number } & Removed) | null;
  /** When the run that is under way began; null while none is. */
  readonly runningSinceMs: number | null;
}

/** The one row: how long, what is under way and what the last run removed. */
export async function readRetention(database: D1Database): Promise<Retained> {
  const row = await database.prepare('SELECT * FROM retention').first<Row>();
  if (row === null) throw new Error('the migration wrote the one row');
  return {
    retention: {
      wordsDays: row.words_days,
      contactsDays: row.contacts_days,
      callsDays: row.calls_days,
      auditDays: row.audit_days,
    },
    lastRun: row.last_run === null ? null : (JSON.parse(row.last_run) as Retained['lastRun']),
    runningSinceMs: row.running_since_ms,
  };
}

export async function changeRetention(
  database: D1Database,
  { wordsDays, contactsDays, callsDays, auditDays }: Retention,
  audit: D1PreparedStatement,
): Promise<void> {
  const change = database
    .prepare('UPDATE retention SET words_days = ?1, contacts_days = ?2, calls_days = ?3, audit_days = ?4')
    .bind(wordsDays, contactsDays, callsDays, auditDays);
  await database.batch([change, audit]);
}

/** Begins a run, unless the one before is still under way. */
export async function beginRun(database: D1Database, nowMs: number): Promise<void> {
  await database
    .prepare(
      `UPDATE retention SET running_since_ms = ?1, calls = 0, words = 0, contacts = 0, audit = 0
       WHERE running_since_ms IS NULL`,
    )
    .bind(nowMs)
    .run();
}

export async function countRemoved(database: D1Database, removed: Removed): Promise<void> {
  await database
    .prepare(
      `UPDATE retention SET calls = calls + ?1, words = words + ?2, contacts = contacts + ?3, audit = audit + ?4`,
    )
    .bind(removed.calls, removed.words, removed.contacts, removed.audit)
    .run();
}

/** The run found nothing more to do. */
export async function endRun(database: D1Database, atMs: number): Promise<void> {
  await database
    .prepare(
      `UPDATE retention SET running_since_ms = NULL, last_run =
         json_object('atMs', ?1, 'calls', calls, 'words', words, 'contacts', contacts, 'audit', audit)
       WHERE running_since_ms IS NOT NULL`,
    )
    .bind(atMs)
    .run();
}

/** Ended calls that are older than their kinds of data are kept, and what of each is to go; oldest end first. */
export async function callsWithOldData(
  database: D1Database,
  before: { readonly wordsMs: number; readonly contactMs: number },
  limit: number,
): Promise<{ callId: string; words: boolean; contact: boolean }[]> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId, ended_at_ms < ?1 AND words_erased = 0 AS words,
         ended_at_ms < ?2 AND contact_erased = 0 AS contact
       FROM calls WHERE phase = 'ended' AND ended_at_ms < max(?1, ?2)
         AND ((ended_at_ms < ?1 AND words_erased = 0) OR (ended_at_ms < ?2 AND contact_erased = 0))
       ORDER BY ended_at_ms, call_id LIMIT ?3`,
    )
    .bind(before.wordsMs, before.contactMs, limit)
    .all<{ callId: string; words: number; contact: number }>();
  return results.map((row) => ({ callId: row.callId, words: row.words === 1, contact: row.contact === 1 }));
}

export async function callsEndedBefore(
  database: D1Database,
  beforeMs: number,
  limit: number,
): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId FROM calls WHERE phase = 'ended' AND ended_at_ms < ?1
       ORDER BY ended_at_ms, call_id LIMIT ?2`,
    )
    .bind(beforeMs, limit)
    .all<{ callId: string }>();
  return results.map((row) => row.callId);
}

/** @returns how many entries went. The table itself refuses those younger than a month. */
export async function pruneAudit(database: D1Database, beforeMs: number, limit: number): Promise<number> {
  const { meta } = await database
    .prepare('DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_ms < ?1 ORDER BY id LIMIT ?2)')
    .bind(beforeMs, limit)
    .run();
  return meta.changes;
}

/** Invitations and reset links that ended before `beforeMs`: they hold addresses. */
export async function forgetEndedLinks(database: D1Database, beforeMs: number): Promise<void> {
  await database.batch([
    database.prepare('DELETE FROM invitations WHERE expires_at_ms < ?1').bind(beforeMs),
    database.prepare('DELETE FROM password_resets WHERE expires_at_ms < ?1').bind(beforeMs),
  ]);
}
