import { valueOrLeave } from '#lib/api/load.ts';
import { readVehicles } from '#lib/api/vehicles.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url }) => {
  const search = url.searchParams.get('search')?.trim().slice(0, 60) ?? '';
  return {
    search,
    first: await valueOrLeave(
      await readVehicles(search, null, { fetch }),
      'The vehicles could not be read.',
      url,
    ),
  };
};
