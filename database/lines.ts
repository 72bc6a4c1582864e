/** One of our own numbers as it is kept. */
export interface Line {
  readonly phone: string;
  readonly carrierId: string;
  readonly label: string;
  /** Slug; null: nobody answers it. */
  readonly profile: string | null;
  /** LiveKit's dispatch rule for it. */
  readonly ruleId: string | null;
  readonly createdAtMs: number;
}

const COLUMNS = `phone, carrier_id AS carrierId, label, profile, rule_id AS ruleId, created_at_ms AS createdAtMs`;

export function lineNamed(database: D1Database, phone: string): Promise<Line | null> {
  return database.prepare(`SELECT ${COLUMNS} FROM lines WHERE phone = ?1`).bind(phone).first<Line>();
}

export async function allLines(database: D1Database): Promise<Line[]> {
  const { results } = await database.prepare(`SELECT ${COLUMNS} FROM lines ORDER BY phone`).all<Line>();
  return results;
}

export async function putLine(database: D1Database, line: Line, audit: D1PreparedStatement): Promise<void> {
  const { phone, carrierId, label, profile, ruleId, createdAtMs } = line;
  await database.batch([
    database
      .prepare(
        `INSERT INTO lines (phone, carrier_id, label, profile, rule_id, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (phone) DO UPDATE SET carrier_id = excluded.carrier_id, label = excluded.label,
           profile = excluded.profile, rule_id = excluded.rule_id`,
      )
      .bind(phone, carrierId, label, profile, ruleId, createdAtMs),
    audit,
  ]);
}

export async function removeLine(
  database: D1Database,
  phone: string,
  audit: D1PreparedStatement,
): Promise<void> {
  await database.batch([database.prepare('DELETE FROM lines WHERE phone = ?1').bind(phone), audit]);
}

/** Who is calling, as far as campaigns know: the latest lead with this number. */
export function leadWithNumber(
  database: D1Database,
  phone: string,
): Promise<{ leadId: string; campaignId: string; name: string | null } | null> {
  return database
    .prepare(
      `SELECT lead_id AS leadId, campaign_id AS campaignId, name FROM leads WHERE phone = ?1
       ORDER BY lead_id DESC LIMIT 1`,
    )
    .bind(phone)
    .first();
}
