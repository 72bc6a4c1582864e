import { Hono } from 'hono';
import type { ListedVehicle } from '../../database/vehicles.ts';
import { putVehicle, removeVehicle, vehiclePage, vehicleWithVin } from '../../database/vehicles.ts';
import { numberInSight, wordsInSight } from '../../domain/privacy/sight.ts';
import type { Sight } from '../../domain/privacy/sight.ts';
import { plainCharacters } from '../../domain/speech/spelled.ts';
import { vinHeard } from '../../domain/vehicle/heard-vin.ts';
import type { VinProblem } from '../../domain/vehicle/vin.ts';
import { rowsOf } from '../../protocol/api/common.ts';
import * as contracts from '../../protocol/api/vehicles.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { placeCursor, unknownCursor } from '../http/cursor.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

export const vehicleRoutes = new Hono<AppEnv>();

const NOT_A_VIN: Readonly<Record<VinProblem, string>> = {
  length: 'A VIN has 17 characters.',
  characters: 'A VIN has letters and digits, and no I, O or Q.',
  checkDigit: 'Its check digit is wrong: at least one character is.',
};
const UNCHECKED = 'This VIN has no check digit that would show a slip: compare it once more.';

serve(vehicleRoutes, contracts.listVehicles, async (c, { query }) => {
  const place = query.cursor === undefined ? null : placeCursor(query.cursor);
  const after = place === null ? null : { atMs: place.atMs, row: Number(place.callId) };
  if (query.cursor !== undefined && !Number.isSafeInteger(after?.row)) return unknownCursor(c);
  const sight = sightIn(c);
  const name = query.search?.trim();
  // Whoever may not see VINs could find one out by it, character by character.
  const search =
    name === undefined ? null : { name, inVin: sight === 'clear' ? plainCharacters(name) : null };
  const { vehicles, nextCursor } = await vehiclePage(c.env.DB, search, after, rowsOf(query.limit));
  return { vehicles: vehicles.map((each) => seen(each, sight)), nextCursor };
});

serve(vehicleRoutes, contracts.putVehicle, async (c, { body: { vin: text, ...facts } }) => {
  const heard = vinHeard(text);
  if (!heard.ok) {
    const problem = NOT_A_VIN[heard.problem];
    return refuse(c, 'malformed', problem, { errors: [{ field: 'vin', problem }] });
  }
  const { vin, checkDigit } = heard.vin;
  const { make, model, year, color = null, price = null, note = null } = facts;
  const created = (await vehicleWithVin(c.env.DB, vin)) === null;
  // Never which: the list itself says it, and the log outlives it.
  const entry = auditOf(c, created ? 'vehicle.added' : 'vehicle.changed', { detail: `${year} ${make}` });
  await putVehicle(c.env.DB, { vin, make, model, year, color, price, note }, Date.now(), entry);
  return { vin, created, warning: checkDigit === 'right' ? null : UNCHECKED };
});

serve(vehicleRoutes, contracts.removeVehicle, async (c, { body }) => {
  const vin = plainCharacters(body.vin);
  const vehicle = await vehicleWithVin(c.env.DB, vin);
  if (vehicle === null) return { removed: false };
  const entry = auditOf(c, 'vehicle.removed', { detail: `${vehicle.year} ${vehicle.make}` });
  return { removed: await removeVehicle(c.env.DB, vin, entry) };
});

const seen = (each: ListedVehicle, sight: Sight): ListedVehicle => ({
  ...each,
  vin: numberInSight(each.vin, sight),
  note: each.note === null ? null : wordsInSight(each.note, sight),
});
