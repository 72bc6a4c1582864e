import type { Vehicle } from '../domain/vehicle/vehicle.ts';
import { cutPage } from './page.ts';

const COLUMNS = 'vin, make, model, year, color, price, note';

const select = (database: D1Database, vin: string): D1PreparedStatement =>
  database.prepare(`SELECT ${COLUMNS} FROM vehicles WHERE vin = ?1`).bind(vin);

export async function vehicleWithVin(database: D1Database, vin: string): Promise<Vehicle | null> {
  return select(database, vin).first<Vehicle>();
}

/**
 * The vehicle, and in the same batch that this call asked for it: once, however often it asks. A call that has ended leaves no
 * trace any more, for it may be erased already.
 */
export async function lookUpVehicle(
  database: D1Database,
  vin: string,
  callId: string,
  nowMs: number,
): Promise<Vehicle | null> {
  const [, found] = await database.batch<Vehicle>([
    database
      .prepare(
        `INSERT INTO vehicle_lookups (call_id, vin, found, at_ms)
         SELECT ?1, ?2, EXISTS (SELECT 1 FROM vehicles WHERE vin = ?2), ?3
         WHERE NOT EXISTS (SELECT 1 FROM calls WHERE call_id = ?1 AND phase = 'ended')
         ON CONFLICT (call_id, vin) DO UPDATE SET found = excluded.found WHERE found <> excluded.found`,
      )
      .bind(callId, vin, nowMs),
    select(database, vin),
  ]);
  return found?.results[0] ?? null;
}

/** What this call asked for last; null: nothing yet. */
export async function lastLookupOf(database: D1Database, callId: string): Promise<string | null> {
  return database
    .prepare('SELECT vin FROM vehicle_lookups WHERE call_id = ?1 ORDER BY at_ms DESC, rowid DESC LIMIT 1')
    .bind(callId)
    .first<string>('vin');
}

export async function wasLookedUp(database: D1Database, callId: string, vin: string): Promise<boolean> {
  const row = await database
    .prepare('SELECT 1 FROM vehicle_lookups WHERE call_id = ?1 AND vin = ?2')
    .bind(callId, vin)
    .first();
  return row !== null;
}

/**
 * Adds a vehicle where there is none with its VIN.
 * @param callId null: a person does
 * @returns what stands under that VIN now, and whether this made it
 */
export async function createVehicle(
  database: D1Database,
  vehicle: Vehicle,
  callId: string | null,
  nowMs: number,
): Promise<{ readonly stands: Vehicle; readonly created: boolean }> {
  const { vin, make, model, year, color, price, note } = vehicle;
  const [inserted, found] = await database.batch<Vehicle>([
    database
      .prepare(
        `INSERT INTO vehicles (vin, make, model, year, color, price, note, created_at_ms, created_in_call)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (vin) DO NOTHING`,
      )
      .bind(vin, make, model, year, color, price, note, nowMs, callId),
    select(database, vin),
  ]);
  const stands = found?.results[0];
  if (stands === undefined) throw new Error('a vehicle that was just written is there');
  return { stands, created: inserted?.meta.changes === 1 };
}

export interface ListedVehicle extends Vehicle {
  readonly createdAtMs: number;
  /** Null: a person added it. */
  readonly createdInCall: string | null;
  /** How many calls asked for it. */
  readonly lookups: number;
}

/**
 * Newest first.
 * @param search `name`: the beginning of a make or model, in any letter case; `inVin`: or part of a VIN, in upper case, null for
 *   who may not see one
 */
export async function vehiclePage(
  database: D1Database,
  search: { readonly name: string; readonly inVin: string | null } | null,
  after: { readonly atMs: number; readonly row: number } | null,
  limit: number,
): Promise<{ vehicles: ListedVehicle[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(
      `SELECT ${COLUMNS}, created_at_ms AS createdAtMs, created_in_call AS createdInCall, rowid AS row,
         (SELECT count(*) FROM vehicle_lookups WHERE vehicle_lookups.vin = vehicles.vin) AS lookups
       FROM vehicles
       WHERE (?1 IS NULL OR (?5 IS NOT NULL AND instr(vin, ?5) > 0)
           OR instr(' ' || lower(make || ' ' || model), ' ' || lower(?1)) > 0)
         AND (?2 IS NULL OR (created_at_ms, rowid) < (?2, ?3))
       ORDER BY created_at_ms DESC, rowid DESC LIMIT ?4`,
    )
    .bind(search?.name ?? null, after?.atMs ?? null, after?.row ?? null, limit + 1, search?.inVin || null)
    .all<ListedVehicle & { row: number }>();
  const { page, nextCursor } = cutPage(results, limit, (last) => `${last.createdAtMs}.${last.row}`);
  return { vehicles: page.map(({ row: _row, ...each }) => each), nextCursor };
}

/** Adds or replaces it, with the entry that says who did. Who added it first stays. */
export async function putVehicle(
  database: D1Database,
  { vin, make, model, year, color, price, note }: Vehicle,
  nowMs: number,
  also: D1PreparedStatement,
): Promise<void> {
  await database.batch([
    database
      .prepare(
        `INSERT INTO vehicles (vin, make, model, year, color, price, note, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (vin) DO UPDATE SET make = ?2, model = ?3, year = ?4, color = ?5, price = ?6, note = ?7`,
      )
      .bind(vin, make, model, year, color, price, note, nowMs),
    also,
  ]);
}

/** With what calls asked for it. @returns whether there was one */
export async function removeVehicle(
  database: D1Database,
  vin: string,
  also: D1PreparedStatement,
): Promise<boolean> {
  const [removed] = await database.batch([
    database.prepare('DELETE FROM vehicles WHERE vin = ?1').bind(vin),
    database.prepare('DELETE FROM vehicle_lookups WHERE vin = ?1').bind(vin),
    also,
  ]);
  return removed?.meta.changes !== 0;
}

/** Stands where a call's id was, once the call was erased or removed. */
const FORGOTTEN = 'erased';

/** What is left says that a vehicle was asked for, and no more by whom. */
export const forgetLookups = (database: D1Database, callId: string): D1PreparedStatement[] => [
  database
    .prepare(
      `UPDATE vehicle_lookups SET call_id = '${FORGOTTEN}:' || lower(hex(randomblob(8))) WHERE call_id = ?1`,
    )
    .bind(callId),
  database
    .prepare(`UPDATE vehicles SET created_in_call = '${FORGOTTEN}' WHERE created_in_call = ?1`)
    .bind(callId),
];
