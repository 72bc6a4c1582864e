import * as z from 'zod/mini';
import { Id } from './primitives.ts';

/** `POST /api/agent/calls/:callId/tools/:tool`, authorised by the call's own door token. */
export const ToolUseSchema = z.strictObject({
  /** One for each use of a tool, the same when its answer was lost and it is asked again. */
  useId: Id,
  arguments: z.record(z.string(), z.unknown()),
});
export type ToolUse = z.infer<typeof ToolUseSchema>;

/** `problem`: why not, and what to do, in words for the model. A tool that cannot be used at all is refused instead. */
export const ToolAnswerSchema = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({ ok: z.literal(false), problem: z.string() }),
]);
export type ToolAnswer = z.infer<typeof ToolAnswerSchema>;

/** Tools of ours that the Worker carries out. */
export const doorTools = ['look_up_vehicle', 'read_vehicle', 'create_vehicle'] as const;
export type DoorTool = (typeof doorTools)[number];

const Words = (longest: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(longest));

/** 17 characters; what people say was made such before, and is judged again here. */
const VinText = z.string().check(z.maxLength(40));
export const VehicleFactsSchema = z.strictObject({
  make: Words(60),
  model: Words(80),
  year: z.int().check(z.minimum(1900), z.maximum(2100)),
  color: z.optional(z.nullable(Words(40))),
  /** Whole US dollars. */
  price: z.optional(z.nullable(z.int().check(z.minimum(0), z.maximum(100_000_000)))),
  note: z.optional(z.nullable(Words(500))),
});

export const LookUpVehicleSchema = z.strictObject({ vin: VinText });
/** Left out: the one that was looked up last in this call. */
export const ReadVehicleSchema = z.strictObject({ vin: z.optional(z.nullable(VinText)) });
export const CreateVehicleSchema = z.strictObject({ vin: VinText, ...VehicleFactsSchema.shape });
