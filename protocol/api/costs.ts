import * as z from 'zod/mini';
import type { Prices } from '../../domain/cost/cost.ts';
import { contract } from './contract.ts';

const tag = 'Costs';

/** Up to a thousand dollars for one of anything. */
const Micros = z.int().check(z.minimum(0), z.maximum(1_000_000_000));
export const PricesSchema: z.ZodMiniType<Prices> = z.strictObject({
  sttMinute: Micros,
  llmInputMillion: Micros,
  llmOutputMillion: Micros,
  ttsMillionCharacters: Micros,
  ttsMinute: Micros,
  mediaMinute: Micros,
  phoneMinute: Micros,
});

export const getPrices = contract({
  method: 'GET',
  path: '/api/prices',
  summary: 'What things cost, in millionths of a US dollar',
  tag,
  status: 200,
  reply: z.object({ prices: PricesSchema }),
});
export const setPrices = contract({
  method: 'PUT',
  path: '/api/prices',
  summary: 'Change prices. Calls that have ended keep what they cost by the prices of then',
  tag,
  body: PricesSchema,
  status: 200,
  reply: z.object({ prices: PricesSchema }),
});
