import * as z from 'zod/mini';
import type { CarrierKind } from '../domain/dial/order.ts';

/** What a carrier needs by kind; never a secret. */
const SettingsSchema = z.object({
  numbers: z.optional(z.array(z.string())),
  /** Of LiveKit: the outbound trunk of `livekitSip`, the inbound one of `twilio`. */
  trunkId: z.optional(z.string()),
  address: z.optional(z.string()),
  transport: z.optional(z.string()),
  /** Of `twilio`: where it hands the customer over. */
  sipHost: z.optional(z.string()),
  /** Of `twilio`: LiveKit's rule that brings a call into its own room. */
  ruleId: z.optional(z.string()),
});
export type CarrierSettings = z.infer<typeof SettingsSchema>;

export interface Carrier {
  readonly carrierId: string;
  readonly kind: CarrierKind;
  readonly name: string;
  readonly settings: CarrierSettings;
  readonly callsPerSecond: number;
  readonly concurrency: number;
  readonly enabled: boolean;
  readonly createdAtMs: number;
}

interface Row {
  carrierId: string;
  kind: CarrierKind;
  name: string;
  settings: string;
  callsPerSecond: number;
  concurrency: number;
  enabled: number;
  createdAtMs: number;
}

const COLUMNS = `carrier_id AS carrierId, kind, name, settings, calls_per_second AS callsPerSecond, concurrency, enabled,
  created_at_ms AS createdAtMs`;

export async function carrierNamed(database: D1Database, carrierId: string): Promise<Carrier | null> {
  const row = await database
    .prepare(`SELECT ${COLUMNS} FROM carriers WHERE carrier_id = ?1`)
    .bind(carrierId)
    .first<Row>();
  return row === null ? null : carrierOf(row);
}

export async function allCarriers(database: D1Database): Promise<Carrier[]> {
  const { results } = await database
    .prepare(`SELECT ${COLUMNS} FROM carriers ORDER BY created_at_ms, carrier_id`)
    .all<Row>();
  return results.map(carrierOf);
}

/** Again with the same id it changes nothing: the request was repeated after a crash. */
export async function addCarrier(
  database: D1Database,
  carrier: Carrier,
  audit: D1PreparedStatement,
): Promise<void> {
  const { carrierId, kind, name, settings, callsPerSecond, concurrency, enabled, createdAtMs } = carrier;
  await database.batch([
    database
      .prepare(
        `INSERT INTO carriers (carrier_id, kind, name, settings, calls_per_second, concurrency, enabled, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING`,
      )
      .bind(
        carrierId,
        kind,
        name,
        JSON.stringify(settings),
        callsPerSecond,
        concurrency,
        enabled ? 1 : 0,
        createdAtMs,
      ),
    audit,
  ]);
}

export async function changeCarrier(
  database: D1Database,
  { carrierId, name, callsPerSecond, concurrency, enabled }: Carrier,
  audit: D1PreparedStatement,
): Promise<void> {
  await database.batch([
    database
      .prepare(
        'UPDATE carriers SET name = ?2, calls_per_second = ?3, concurrency = ?4, enabled = ?5 WHERE carrier_id = ?1',
      )
      .bind(carrierId, name, callsPerSecond, concurrency, enabled ? 1 : 0),
    audit,
  ]);
}

/** What keeps a carrier from being removed: campaigns that may dial by it, calls that ring, and lines. */
export interface CarrierUse {
  readonly campaigns: number;
  readonly dials: number;
  readonly lines: number;
}

const USES = `
  (SELECT count(*) FROM campaigns
   WHERE status IN ('running', 'paused', 'scheduled') AND json_extract(settings, '$.carrierId') = ?1) AS campaigns,
  (SELECT count(*) FROM dials WHERE carrier_id = ?1 AND ended_at_ms IS NULL) AS dials,
  (SELECT count(*) FROM lines WHERE carrier_id = ?1) AS lines`;

/** Removes it unless it is used; the conditions are the statement's own. @returns what uses it; null: removed, or never there */
export async function removeCarrier(
  database: D1Database,
  carrierId: string,
  audit: D1PreparedStatement,
): Promise<CarrierUse | null> {
  const use = await database.prepare(`SELECT ${USES}`).bind(carrierId).first<CarrierUse>();
  if (use !== null && use.campaigns + use.dials + use.lines > 0) return use;
  await database.batch([
    database
      .prepare(
        `DELETE FROM carriers WHERE carrier_id = ?1
         AND (SELECT campaigns + dials + lines FROM (SELECT ${USES})) = 0`,
      )
      .bind(carrierId),
    audit,
  ]);
  return null;
}

function carrierOf(row: Row): Carrier {
  return { ...row, settings: SettingsSchema.parse(JSON.parse(row.settings)), enabled: row.enabled === 1 };
}
