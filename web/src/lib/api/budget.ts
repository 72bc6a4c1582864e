import { getBudget, getSpeed } from '../../../../protocol/api/budget.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export const readBudget = (options?: AskOptions) => api(getBudget, {}, options);
/** How fast each agent answered lately. */
export const readSpeed = (options?: AskOptions) => api(getSpeed, {}, options);
