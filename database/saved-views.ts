import { uuidv7 } from 'uuidv7';

export interface SavedView {
  readonly viewId: string;
  readonly name: string;
  /** Of an address, after its question mark. */
  readonly query: string;
}

const VIEWS_AT_MOST = 50;

/** A person's own, oldest first. */
export async function viewsOf(database: D1Database, userId: string): Promise<SavedView[]> {
  const { results } = await database
    .prepare('SELECT view_id AS viewId, name, query FROM saved_views WHERE user_id = ?1 ORDER BY view_id')
    .bind(userId)
    .all<SavedView>();
  return results;
}

/** Null when the person has as many as anyone may have. A repeat with the same id makes no second one. */
export async function insertView(
  database: D1Database,
  userId: string,
  given: { readonly viewId: string | undefined; readonly name: string; readonly query: string },
  nowMs: number,
): Promise<SavedView | null> {
  const view = { viewId: given.viewId ?? uuidv7(), name: given.name, query: given.query };
  const { meta } = await database
    .prepare(
      `INSERT INTO saved_views (view_id, user_id, name, query, created_at_ms)
       SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM saved_views WHERE user_id = ?2) < ?6
       ON CONFLICT (view_id) DO UPDATE SET name = excluded.name`,
    )
    .bind(view.viewId, userId, view.name, view.query, nowMs, VIEWS_AT_MOST)
    .run();
  return meta.changes === 0 ? null : view;
}

export async function deleteView(database: D1Database, userId: string, viewId: string): Promise<void> {
  await database
    .prepare('DELETE FROM saved_views WHERE user_id = ?1 AND view_id = ?2')
    .bind(userId, viewId)
    .run();
}
