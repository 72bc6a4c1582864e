/** So many leads stand for all of them. */
const SAMPLE = 500;

/** Where some of those are who wait, the first to be called first. */
export async function sampleOfWaiting(
  database: D1Database,
  campaignId: string,
): Promise<{ phone: string; zone: string | null; postalCode: string | null }[]> {
  const { results } = await database
    .prepare(
      `SELECT phone, zone, postal_code AS postalCode FROM leads
       WHERE campaign_id = ?1 AND status = 'waiting' ORDER BY next_attempt_at_ms LIMIT ${SAMPLE}`,
    )
    .bind(campaignId)
    .all<{ phone: string; zone: string | null; postalCode: string | null }>();
  return results;
}

/** Columns of their own that leads of a campaign have. */
export async function knownColumns(database: D1Database, campaignId: string): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT DISTINCT field.key AS name
       FROM (SELECT fields FROM leads WHERE campaign_id = ?1 LIMIT ${SAMPLE}) AS some, json_each(some.fields) AS field
       ORDER BY 1`,
    )
    .bind(campaignId)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

export async function lineKnown(database: D1Database, phone: string): Promise<boolean> {
  return (await database.prepare('SELECT 1 FROM lines WHERE phone = ?1').bind(phone).first()) !== null;
}
