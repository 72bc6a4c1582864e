import { readBudget } from '#lib/api/budget.ts';
import { valueOrLeave } from '#lib/api/load.ts';
import { readPrices } from '#lib/api/settings.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const [prices, budget] = await Promise.all([readPrices({ fetch }), readBudget({ fetch })]);
  return {
    ...(await valueOrLeave(prices, 'The prices could not be read.', url)),
    budget: await valueOrLeave(budget, 'The budget could not be read.', url),
  };
};
