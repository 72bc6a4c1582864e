import { llm } from '@livekit/agents';
import * as z from 'zod';
import { stepToCreate, stepToLookUp } from '../../../domain/vehicle/next-step.ts';
import type { NextStep } from '../../../domain/vehicle/next-step.ts';
import { vehicleName } from '../../../domain/vehicle/vehicle.ts';
import type { DoorTool } from '../../../protocol/tools.ts';
import { turnsOf } from './conversation.ts';
import { giveUp, timed } from './timed.ts';
import type { ToolDoor } from './tool-door.ts';
import { wordsInstead } from './vehicle-words.ts';

/** A customer waits no longer than this for a vehicle; half of it for each try. */
export const VEHICLE_MS = 6_000;
const TRY_MS = 2_600;

const Vin = z.string().describe('The VIN as the customer said it, all of it');
const Confirmed = z
  .boolean()
  .nullish()
  .describe('True only when you have read it back and the customer has said that it is right');

/** Looking up, reading and adding vehicles. VINs that were confirmed in this conversation are not asked about again. */
export function vehicleTools(door: ToolDoor) {
  const known = new Set<string>();
  let askedAgain = 0;

  const use = async (tool: DoorTool, given: object): Promise<string> => {
    const answer = await timed(VEHICLE_MS, (signal) =>
      door.use(tool, { ...given }, { tryMs: TRY_MS, signal }),
    );
    if (answer === 'down') throw giveUp();
    return answer.ok ? JSON.stringify(answer.result) : answer.problem;
  };
  /** The words to answer with instead; null: go. */
  const instead = (step: NextStep, tool: DoorTool, also: string | null): string | null => {
    if (step.step === 'askAgain') askedAgain++;
    if (step.step !== 'go') return wordsInstead(step, tool, also, { askedAgain, known });
    known.add(step.vin.vin);
    askedAgain = 0;
    return null;
  };

  return {
    look_up_vehicle: llm.tool({
      description:
        'Looks up a vehicle by its VIN. The VIN must have been read back to the customer and confirmed first; this tool tells you how.',
      parameters: z.object({ vin: Vin, confirmed: Confirmed }),
      execute: async ({ vin, confirmed }, { ctx }) => {
        const step = stepToLookUp({ vin, confirmed: confirmed === true }, turnsOf(ctx.session), known);
        const words = instead(step, 'look_up_vehicle', null);
        return words ?? use('look_up_vehicle', { vin: step.step === 'go' ? step.vin.vin : vin });
      },
    }),

    read_vehicle: llm.tool({
      description:
        'Everything known of the vehicle that was looked up last in this call: colour, price, notes.',
      parameters: z.object({}),
      execute: () => use('read_vehicle', {}),
    }),

    create_vehicle: llm.tool({
      description:
        'Adds a vehicle that look_up_vehicle did not find. Make, model and year must have been read back to the customer and confirmed first.',
      parameters: z.object({
        vin: Vin,
        make: z.string().min(1).max(60),
        model: z.string().min(1).max(80),
        year: z.number().int().min(1900).max(2100),
        color: z.string().min(1).max(40).nullish(),
        note: z.string().min(1).max(500).nullish().describe('What else the customer said of it'),
        confirmed: Confirmed,
      }),
      execute: async ({ confirmed, ...vehicle }, { ctx }) => {
        const claim = { ...vehicle, confirmed: confirmed === true };
        const step = stepToCreate(claim, turnsOf(ctx.session), known);
        const words = instead(step, 'create_vehicle', vehicleName(vehicle));
        return words ?? use('create_vehicle', { ...vehicle, vin: step.step === 'go' ? step.vin.vin : '' });
      },
    }),
  };
}
