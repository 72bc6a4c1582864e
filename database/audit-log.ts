import type { AuditRow } from '../protocol/api/audit.ts';
import { cutPage } from './page.ts';

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  /** Inclusive. */
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
}

/** An entry's id is made a moment before or after its time is read. */
const ID_SLACK_MS = 60_000;

/** Newest first: ids are UUIDv7, so their order is the log's. The cursor is the last row's id. */
export async function auditPage(
  database: D1Database,
  filter: AuditFilter,
  cursor: string | null,
  limit: number,
): Promise<{ entries: AuditRow[]; nextCursor: string | null }> {
  const conditions: [sql: string, value: string | number | undefined][] = [
    ['action = ?', filter.action],
    ['actor = ?', filter.actor],
    ['subject = ?', filter.subject],
    ['at_ms >= ?', filter.fromMs],
    ['at_ms < ?', filter.toMs],
    // The same in terms of ids, so that no entry outside the time is read.
    ['id >= ?', filter.fromMs === undefined ? undefined : firstIdOf(filter.fromMs - ID_SLACK_MS)],
    ['id < ?', filter.toMs === undefined ? undefined : firstIdOf(filter.toMs + ID_SLACK_MS)],
    ['id < ?', cursor ?? undefined],
  ];
  const given = conditions.filter((each): each is [string, string | number] => each[1] !== undefined);
  const where = given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`;
  const { results } = await database
    .prepare(
      `SELECT id, at_ms AS atMs, action, actor, actor_name AS actorName, subject, detail, address,
         request_id AS requestId
       FROM audit ${where} ORDER BY id DESC LIMIT ?`,
    )
    .bind(...given.map(([, value]) => value), limit + 1)
    .all<AuditRow>();
  const { page, nextCursor } = cutPage(results, limit, (last) => last.id);
  return { entries: page, nextCursor };
}

/** The least UUIDv7 of a millisecond. */
function firstIdOf(atMs: number): string {
  const hex = Math.min(Math.max(0, atMs), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-`;
}
