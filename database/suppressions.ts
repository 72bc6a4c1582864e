import { cutPage } from './page.ts';

export interface Suppression {
  readonly phone: string;
  readonly source: 'person' | 'import' | 'call';
  readonly reason: string;
  readonly addedBy: string;
  readonly callId: string | null;
  readonly addedAtMs: number;
}

interface By {
  readonly source: 'person' | 'import' | 'call';
  readonly reason: string;
  readonly addedBy: string;
  readonly callId: string | null;
}

/** Puts a number on the do-not-call list, and takes it out of every campaign's queue. Safe to repeat: the first reason stays. */
export async function suppress(
  database: D1Database,
  phone: string,
  by: By,
  nowMs: number,
  also: readonly D1PreparedStatement[] = [],
): Promise<void> {
  await database.batch([...suppressStatements(database, [phone], by, nowMs), ...also]);
}

/** The same for many, as statements of a batch. */
export function suppressStatements(
  database: D1Database,
  phones: readonly string[],
  by: By,
  nowMs: number,
): [D1PreparedStatement, D1PreparedStatement] {
  const list = JSON.stringify(phones);
  return [
    database
      .prepare(
        `INSERT INTO suppressions (phone, source, reason, added_by, call_id, added_at_ms)
         SELECT value, ?2, ?3, ?4, ?5, ?6 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`,
      )
      .bind(list, by.source, by.reason, by.addedBy, by.callId, nowMs),
    takeOutStatement(database, list),
  ];
}

/** Waiting leads of these numbers (a JSON list) become `doNotCall`, in every campaign (DNC-2). */
export const takeOutStatement = (database: D1Database, phones: string): D1PreparedStatement =>
  database
    .prepare(
      `UPDATE leads SET status = 'doNotCall', call_back_at_ms = NULL
       WHERE phone IN (SELECT value FROM json_each(?1)) AND status IN ('waiting', 'exhausted')`,
    )
    .bind(phones);

const COLUMNS = `phone, source, reason, added_by AS addedBy, call_id AS callId, added_at_ms AS addedAtMs`;

export async function suppressionOf(database: D1Database, phone: string): Promise<Suppression | null> {
  return database
    .prepare(`SELECT ${COLUMNS} FROM suppressions WHERE phone = ?1`)
    .bind(phone)
    .first<Suppression>();
}

/** Newest first. The place is a time and a row, so that no cursor holds a number. */
export async function suppressionPage(
  database: D1Database,
  phone: string | null,
  after: { readonly atMs: number; readonly row: number } | null,
  limit: number,
): Promise<{ suppressions: Suppression[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(
      `SELECT ${COLUMNS}, rowid AS row FROM suppressions
       WHERE (?1 IS NULL OR phone = ?1) AND (?2 IS NULL OR (added_at_ms, rowid) < (?2, ?3))
       ORDER BY added_at_ms DESC, rowid DESC LIMIT ?4`,
    )
    .bind(phone, after?.atMs ?? null, after?.row ?? null, limit + 1)
    .all<Suppression & { row: number }>();
  const { page, nextCursor } = cutPage(results, limit, (last) => `${last.addedAtMs}.${last.row}`);
  return { suppressions: page.map(({ row: _row, ...each }) => each), nextCursor };
}

/**
 * Takes a number off the list. Leads it had taken out stay out: each is let wait again by hand, by somebody who knows why.
 * @returns whether it was on it.
 */
export async function unsuppress(
  database: D1Database,
  phone: string,
  also: D1PreparedStatement,
): Promise<boolean> {
  const [removed] = await database.batch([
    database.prepare('DELETE FROM suppressions WHERE phone = ?1').bind(phone),
    also,
  ]);
  return removed?.meta.changes !== 0;
}
