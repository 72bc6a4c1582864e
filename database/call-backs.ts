import type { CallBack } from '../protocol/api/call-backs.ts';
import { cutPage } from './page.ts';

export interface CallBackPage {
  readonly callBacks: readonly CallBack[];
  readonly nextCursor: string | null;
}

/** The last row's place in its list: when it was promised or settled, and its call. */
export interface CallBackPlace {
  readonly atMs: number;
  readonly callId: string;
}

const COLUMNS = `b.call_id AS callId, c.contact_name AS contactName, c.profile AS profile,
  b.promised_at_ms AS promisedAtMs, b.settled_at_ms AS settledAtMs`;

const PAGES = {
  owed: `SELECT ${COLUMNS}, b.promised_at_ms AS atMs FROM call_backs b JOIN calls c USING (call_id)
    WHERE b.settled_at_ms IS NULL AND (?1 IS NULL OR (b.promised_at_ms, b.call_id) > (?1, ?2))
    ORDER BY b.promised_at_ms, b.call_id LIMIT ?3`,
  settled: `SELECT ${COLUMNS}, b.settled_at_ms AS atMs FROM call_backs b JOIN calls c USING (call_id)
    WHERE b.settled_at_ms IS NOT NULL AND (?1 IS NULL OR (b.settled_at_ms, b.call_id) < (?1, ?2))
    ORDER BY b.settled_at_ms DESC, b.call_id DESC LIMIT ?3`,
} as const;

/** Those still owed, oldest promise first, or those settled, newest first. */
export async function callBackPage(
  database: D1Database,
  state: keyof typeof PAGES,
  after: CallBackPlace | null,
  limit: number,
): Promise<CallBackPage> {
  const { results } = await database
    .prepare(PAGES[state])
    .bind(after?.atMs ?? null, after?.callId ?? null, limit + 1)
    .all<CallBack & { atMs: number }>();
  const { page, nextCursor } = cutPage(results, limit, (last) => `${last.atMs}.${last.callId}`);
  return { callBacks: page.map(({ atMs: _atMs, ...callBack }) => callBack), nextCursor };
}

export function callBackOf(database: D1Database, callId: string): Promise<CallBack | null> {
  return database
    .prepare(`SELECT ${COLUMNS} FROM call_backs b JOIN calls c USING (call_id) WHERE b.call_id = ?1`)
    .bind(callId)
    .first<CallBack>();
}

/** Somebody called back, and the entry that tells of it. The first to say so counts. */
export async function settleCallBack(
  database: D1Database,
  { callId, by, atMs }: { readonly callId: string; readonly by: string; readonly atMs: number },
  audit: D1PreparedStatement,
): Promise<void> {
  const settle = database
    .prepare(
      `UPDATE call_backs SET settled_at_ms = ?2, settled_by = ?3 WHERE call_id = ?1 AND settled_at_ms IS NULL`,
    )
    .bind(callId, atMs, by);
  await database.batch([settle, audit]);
}
