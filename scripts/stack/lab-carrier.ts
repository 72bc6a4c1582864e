/** The lab's way to dial, under an id that stays, so that what refers to it outlives a restart. */
export const LAB_CARRIER_ID = '01900000-0000-7000-8000-0000000000ab';
/** A number of ours in the lab that is answered: 555-01xx belongs to nobody. */
export const LAB_LINE = '+12125550100';

/** Writes the lab's carrier and its line where they are missing. */
export async function seedLabCarrier(database: D1Database): Promise<void> {
  const nowMs = Date.now();
  await database.batch([
    database
      .prepare(
        `INSERT INTO carriers (carrier_id, kind, name, settings, calls_per_second, concurrency, enabled, created_at_ms)
         VALUES (?1, 'lab', 'Lab telephones', '{}', 5, 12, 1, ?2) ON CONFLICT DO NOTHING`,
      )
      .bind(LAB_CARRIER_ID, nowMs),
    database
      .prepare(
        `INSERT INTO lines (phone, carrier_id, label, profile, rule_id, created_at_ms)
         VALUES (?1, ?2, 'Lab line', 'auto-sales', NULL, ?3) ON CONFLICT DO NOTHING`,
      )
      .bind(LAB_LINE, LAB_CARRIER_ID, nowMs),
  ]);
}
