import type * as z from 'zod/mini';
import * as operations from '../../../../protocol/api/operations.ts';
import {
  getOwnCall as ownCallContract,
  getProfile as profileContract,
  getToken as tokenContract,
  type TokenReplySchema,
} from '../../../../protocol/api/rooms.ts';
import { createClient, type AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

/** What anyone may ask who is not signed in. */
export type TokenReply = z.infer<typeof TokenReplySchema>;
export type Health = z.infer<typeof operations.HealthSchema>;

/** A line's own name, for the page where it is called. */
export const getProfile = (slug: string, options?: AskOptions) =>
  api(profileContract, { params: { slug } }, options);
export const getHealth = (options?: AskOptions) => api(operations.getHealth, {}, options);

/** Opens a call for a customer. `name` is what they call themselves, when the link said so. */
export const getToken = (agent: string, name: string | null) =>
  api(tokenContract, { query: { agent, ...(name === null ? {} : { name }) } });

/** A customer's own call, with the token that came with it. */
export const getOwnCall = (callId: string, callToken: string) =>
  createClient({ apiKey: callToken })(ownCallContract, { params: { callId } });
