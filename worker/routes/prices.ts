import { Hono } from 'hono';
import { changePrices, readPrices } from '../../database/prices.ts';
import type { Prices } from '../../domain/cost/cost.ts';
import * as contracts from '../../protocol/api/costs.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { serve } from '../http/serve.ts';

export const priceRoutes = new Hono<AppEnv>();

serve(priceRoutes, contracts.getPrices, async (c) => ({ prices: await readPrices(c.env.DB) }));

serve(priceRoutes, contracts.setPrices, async (c, { body: prices }) => {
  const before = await readPrices(c.env.DB);
  const detail = (Object.keys(prices) as (keyof Prices)[])
    .filter((each) => prices[each] !== before[each])
    .map((each) => `${each}: ${before[each]} → ${prices[each]}`)
    .join(', ');
  if (detail !== '') await changePrices(c.env.DB, prices, auditOf(c, 'prices.changed', { detail }));
  return { prices };
});
