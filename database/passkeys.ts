export interface PasskeyRow {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly synced: boolean;
}

/** A person's passkeys, newest first. Making and using them is the auth library's. */
export async function passkeysOf(database: D1Database, userId: string): Promise<PasskeyRow[]> {
  const { results } = await database
    .prepare(
      `SELECT id, coalesce(name, '') AS name, coalesce(createdAt, 0) AS createdAtMs, backedUp
       FROM passkey WHERE userId = ?1 ORDER BY createdAt DESC, id LIMIT 100`,
    )
    .bind(userId)
    .all<Omit<PasskeyRow, 'synced'> & { backedUp: number }>();
  return results.map(({ backedUp, ...row }) => ({ ...row, synced: backedUp === 1 }));
}

/** @returns whether this person had it. */
export async function removePasskey(
  database: D1Database,
  userId: string,
  passkeyId: string,
): Promise<boolean> {
  const { meta } = await database
    .prepare('DELETE FROM passkey WHERE id = ?1 AND userId = ?2')
    .bind(passkeyId, userId)
    .run();
  return meta.changes > 0;
}
