import { listVehicles } from '../../../../protocol/api/vehicles.ts';
import type { ReplyOf } from '../../../../protocol/api/contract.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export type VehicleRow = ReplyOf<typeof listVehicles>['vehicles'][number];

export const readVehicles = (search: string, cursor: string | null, options?: AskOptions) =>
  api(
    listVehicles,
    { query: { ...(search === '' ? {} : { search }), ...(cursor === null ? {} : { cursor }) } },
    options,
  );
