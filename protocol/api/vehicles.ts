import * as z from 'zod/mini';
import { AtMs, Count } from '../primitives.ts';
import { VehicleFactsSchema } from '../tools.ts';
import { CursorSchema, LimitSchema } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Vehicles';

/** VIN and note are masked by role. */
export const ListedVehicleSchema = z.object({
  vin: z.string(),
  make: z.string(),
  model: z.string(),
  year: z.int(),
  color: z.nullable(z.string()),
  /** Whole US dollars. */
  price: z.nullable(z.int()),
  note: z.nullable(z.string()),
  createdAtMs: AtMs,
  /** The call in which an agent added it, `erased` where that call was; null: a person did. */
  createdInCall: z.nullable(z.string()),
  /** How many calls asked for it. */
  lookups: Count,
});
export type ListedVehicle = z.infer<typeof ListedVehicleSchema>;

/** As it is written or said: spaces, hyphens and lower case are put right. */
const VinText = z.string().check(z.minLength(1), z.maxLength(300));

export const listVehicles = contract({
  method: 'GET',
  path: '/api/vehicles',
  summary: 'Vehicles that agents look up, newest first',
  tag,
  query: z.strictObject({
    /** Part of a VIN, only for who sees VINs; or the beginning of a make or model. */
    search: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
    cursor: z.optional(CursorSchema),
    limit: z.optional(LimitSchema),
  }),
  status: 200,
  reply: z.object({ vehicles: z.array(ListedVehicleSchema), nextCursor: z.nullable(z.string()) }),
});
export const putVehicle = contract({
  method: 'POST',
  path: '/api/vehicles',
  summary: 'Add a vehicle, or change the one with that VIN',
  tag,
  body: z.strictObject({ vin: VinText, ...VehicleFactsSchema.shape }),
  status: 200,
  /** `warning`: why its VIN may be wrong all the same. */
  reply: z.object({ vin: z.string(), created: z.boolean(), warning: z.nullable(z.string()) }),
});
/** The VIN is in the body: addresses end up in logs. */
export const removeVehicle = contract({
  method: 'POST',
  path: '/api/vehicles/remove',
  summary: 'Remove a vehicle, and that calls asked for it',
  tag,
  body: z.strictObject({ vin: VinText }),
  status: 200,
  reply: z.object({ removed: z.boolean() }),
});
