import * as z from 'zod/mini';
import {
  createVehicle,
  lastLookupOf,
  lookUpVehicle,
  vehicleWithVin,
  wasLookedUp,
} from '../../database/vehicles.ts';
import { agrees, vehicleName } from '../../domain/vehicle/vehicle.ts';
import type { VinProblem } from '../../domain/vehicle/vin.ts';
import { judgeVin } from '../../domain/vehicle/vin.ts';
import type { DoorTool, ToolAnswer } from '../../protocol/tools.ts';
import { CreateVehicleSchema, LookUpVehicleSchema, ReadVehicleSchema } from '../../protocol/tools.ts';
import { describeIssues } from '../../protocol/codec.ts';

interface Using {
  readonly database: D1Database;
  readonly callId: string;
  readonly nowMs: number;
  /** Nobody is on the line: nothing is written (SCENE-3). */
  readonly rehearsal: boolean;
}

/** What a tool that would change something adds to its answer where nobody is on the line. */
export const NOTHING_DONE = 'this is a rehearsal: nothing was written or sent';

const no = (problem: string): ToolAnswer => ({ ok: false, problem });
const NOT_A_VIN: Readonly<Record<VinProblem, string>> = {
  length: 'A VIN has 17 characters. Ask for it again.',
  characters: 'A VIN has no I, O or Q. Ask for it again.',
  checkDigit: 'Its check digit is wrong, so one character was misheard. Ask for it again.',
};

/** Carries out a tool of ours on vehicles. The same use again changes nothing (TOOL-4). */
export async function useVehicleTool(tool: DoorTool, given: unknown, using: Using): Promise<ToolAnswer> {
  switch (tool) {
    case 'look_up_vehicle':
      return lookUp(given, using);
    case 'read_vehicle':
      return read(given, using);
    case 'create_vehicle':
      return create(given, using);
  }
}

async function lookUp(given: unknown, { database, callId, nowMs }: Using): Promise<ToolAnswer> {
  const asked = z.safeParse(LookUpVehicleSchema, given);
  if (!asked.success) return no(describeIssues(asked.error));
  const verdict = judgeVin(asked.data.vin);
  if (!verdict.ok) return no(NOT_A_VIN[verdict.problem]);
  const { vin, maker, modelYear, checkDigit } = verdict.vin;
  const vehicle = await lookUpVehicle(database, vin, callId, nowMs);
  if (vehicle !== null)
    return {
      ok: true,
      result: { found: true, vin, make: vehicle.make, model: vehicle.model, year: vehicle.year },
    };
  // What the VIN says by itself helps with the questions that come next.
  return { ok: true, result: { found: false, vin, saysItself: { maker, modelYear, checkDigit } } };
}

async function read(given: unknown, { database, callId }: Using): Promise<ToolAnswer> {
  const asked = z.safeParse(ReadVehicleSchema, given);
  if (!asked.success) return no(describeIssues(asked.error));
  const wanted = asked.data.vin ?? (await lastLookupOf(database, callId));
  // Nobody is read a stranger's vehicle: its VIN was confirmed in this call before.
  if (wanted === null || !(await wasLookedUp(database, callId, wanted)))
    return no('Look the vehicle up first, with look_up_vehicle.');
  const vehicle = await vehicleWithVin(database, wanted);
  return vehicle === null ? no('There is no vehicle with that VIN.') : { ok: true, result: vehicle };
}

async function create(given: unknown, { database, callId, nowMs, rehearsal }: Using): Promise<ToolAnswer> {
  const asked = z.safeParse(CreateVehicleSchema, given);
  if (!asked.success) return no(describeIssues(asked.error));
  const verdict = judgeVin(asked.data.vin);
  if (!verdict.ok) return no(NOT_A_VIN[verdict.problem]);
  const { make, model, year, color = null, price = null, note = null } = asked.data;
  const wanted = { vin: verdict.vin.vin, make, model, year, color, price, note };
  if (rehearsal) return { ok: true, result: { created: true, rehearsal: NOTHING_DONE, ...wanted } };
  const { stands } = await createVehicle(database, wanted, callId, nowMs);
  await lookUpVehicle(database, wanted.vin, callId, nowMs);
  if (agrees(stands, wanted)) return { ok: true, result: { created: true, ...stands } };
  return no(
    `There is a vehicle with that VIN already: a ${vehicleName(stands)}. Nothing was changed. Tell the customer, and ask whether that is theirs.`,
  );
}
