/** What all campaigns together may do. */
export interface DialLimits {
  readonly concurrency: number;
  readonly callsPerSecond: number;
}

export async function dialLimits(database: D1Database): Promise<DialLimits> {
  const row = await database
    .prepare('SELECT concurrency, calls_per_second AS callsPerSecond FROM dial_limits WHERE one = 1')
    .first<DialLimits>();
  if (row === null) throw new Error('the migration wrote the limits');
  return row;
}

export async function changeDialLimits(
  database: D1Database,
  { concurrency, callsPerSecond }: DialLimits,
  audit: D1PreparedStatement,
): Promise<void> {
  const change = database
    .prepare('UPDATE dial_limits SET concurrency = ?1, calls_per_second = ?2 WHERE one = 1')
    .bind(concurrency, callsPerSecond);
  await database.batch([change, audit]);
}
