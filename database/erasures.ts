import type { Erasure } from '../protocol/api/privacy.ts';
import { contactKeyOf } from './calls.ts';
import { cutPage } from './page.ts';
import { blankDialStatement, eraseLeadStatements, leadTraces } from './lead-erasure.ts';

/** Whom to erase: by calls, or by the contact's name in any letter case. */
export type ErasureSubject =
  | { readonly kind: 'calls'; readonly callIds: readonly string[] }
  | { readonly kind: 'contactName'; readonly name: string };

interface Row {
  readonly id: string;
  readonly calls: number;
  readonly erased: number;
  readonly requestedAtMs: number;
  readonly doneAtMs: number | null;
  readonly failedAtMs: number | null;
}

const ERASURES = `SELECT e.id, e.calls, e.requested_at_ms AS requestedAtMs, e.done_at_ms AS doneAtMs,
    e.failed_at_ms AS failedAtMs, (SELECT count(erased_at_ms) FROM erasure_calls WHERE erasure_id = e.id) AS erased
  FROM erasures e`;

const FIND = {
  calls: 'SELECT call_id FROM calls WHERE call_id IN (SELECT value FROM json_each(?2))',
  contactName: 'SELECT call_id FROM calls WHERE contact_key = ?2',
} as const;

/** Finds the calls and leads, writes the calls down and takes the leads away; that it was asked for stands with it. The same id again changes nothing. */
export async function beginErasure(
  database: D1Database,
  asked: { readonly id: string; readonly by: string; readonly of: ErasureSubject; readonly atMs: number },
  audit: D1PreparedStatement,
): Promise<Erasure> {
  const { id, by, of, atMs } = asked;
  const traces = await leadTraces(database, of);
  const wanted = of.kind === 'calls' ? JSON.stringify(of.callIds) : contactKeyOf(of.name);
  await database.batch([
    database
      .prepare(
        'INSERT OR IGNORE INTO erasures (id, requested_by, calls, requested_at_ms) VALUES (?1, ?2, 0, ?3)',
      )
      .bind(id, by, atMs),
    database
      .prepare(
        `INSERT OR IGNORE INTO erasure_calls (erasure_id, call_id) SELECT ?1, call_id FROM (${FIND[of.kind]})`,
      )
      .bind(id, wanted),
    ...eraseLeadStatements(database, id, traces),
    database
      .prepare(
        'UPDATE erasures SET calls = (SELECT count(*) FROM erasure_calls WHERE erasure_id = ?1) WHERE id = ?1',
      )
      .bind(id),
    settle(database, id, atMs),
    audit,
  ]);
  const begun = await erasureNamed(database, id);
  if (begun === null) throw new Error('an erasure was begun and is not there');
  return begun;
}

export async function erasureNamed(database: D1Database, id: string): Promise<Erasure | null> {
  const row = await database.prepare(`${ERASURES} WHERE e.id = ?1`).bind(id).first<Row>();
  return row === null ? null : erasureOf(row);
}

/** Newest first; the cursor is the last row's id. */
export async function erasurePage(
  database: D1Database,
  cursor: string | null,
  limit: number,
): Promise<{ erasures: Erasure[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(`${ERASURES} WHERE ?1 IS NULL OR e.id < ?1 ORDER BY e.id DESC LIMIT ?2`)
    .bind(cursor, limit + 1)
    .all<Row>();
  const { page, nextCursor } = cutPage(results, limit, (last) => last.id);
  return { erasures: page.map(erasureOf), nextCursor };
}

export interface RunningErasure {
  readonly id: string;
  readonly requestedBy: string;
  readonly requestedAtMs: number;
}

/** Those that are not through, oldest first. */
export async function runningErasures(database: D1Database): Promise<RunningErasure[]> {
  const { results } = await database
    .prepare(
      `SELECT id, requested_by AS requestedBy, requested_at_ms AS requestedAtMs FROM erasures
       WHERE done_at_ms IS NULL AND failed_at_ms IS NULL ORDER BY id`,
    )
    .all<RunningErasure>();
  return results;
}

/** Calls still to be erased, in the order of their ids. */
export async function callsToErase(
  database: D1Database,
  erasureId: string,
  limit: number,
): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId FROM erasure_calls
       WHERE erasure_id = ?1 AND erased_at_ms IS NULL ORDER BY call_id LIMIT ?2`,
    )
    .bind(erasureId, limit)
    .all<{ callId: string }>();
  return results.map((row) => row.callId);
}

/** Nothing of this call is left; with its last call the erasure is done. */
export async function noteErased(
  database: D1Database,
  erasureId: string,
  callId: string,
  atMs: number,
): Promise<void> {
  await database.batch([
    blankDialStatement(database, callId),
    database
      .prepare(
        // A dial that the dialer has not closed yet still holds the number: the next round finds it closed.
        `UPDATE erasure_calls SET erased_at_ms = ?3 WHERE erasure_id = ?1 AND call_id = ?2
           AND NOT EXISTS (SELECT 1 FROM dials WHERE call_id = ?2 AND ended_at_ms IS NULL)`,
      )
      .bind(erasureId, callId, atMs),
    settle(database, erasureId, atMs),
  ]);
}

export async function failErasure(database: D1Database, id: string, atMs: number): Promise<void> {
  await database
    .prepare('UPDATE erasures SET failed_at_ms = ?2 WHERE id = ?1 AND done_at_ms IS NULL')
    .bind(id, atMs)
    .run();
}

function settle(database: D1Database, id: string, atMs: number): D1PreparedStatement {
  return database
    .prepare(
      `UPDATE erasures SET done_at_ms = ?2 WHERE id = ?1 AND done_at_ms IS NULL AND failed_at_ms IS NULL
       AND NOT EXISTS (SELECT 1 FROM erasure_calls WHERE erasure_id = ?1 AND erased_at_ms IS NULL)`,
    )
    .bind(id, atMs);
}

function erasureOf({ failedAtMs, ...row }: Row): Erasure {
  const state = failedAtMs !== null ? 'failed' : row.doneAtMs === null ? 'running' : 'done';
  return { ...row, state };
}
