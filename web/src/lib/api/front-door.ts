import type * as z from 'zod/mini';
import * as operations from '../../../../protocol/api/operations.ts';
import { getProfile as profileContract } from '../../../../protocol/api/rooms.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

/** What anyone may ask who is not signed in. */
export type Health = z.infer<typeof operations.HealthSchema>;

/** A line's own name, for the page where it is called. */
export const getProfile = (slug: string, options?: AskOptions) =>
  api(profileContract, { params: { slug } }, options);
export const getHealth = (options?: AskOptions) => api(operations.getHealth, {}, options);
