import * as z from 'zod/mini';
import { contract } from './contract.ts';

export const listProfiles = contract({
  method: 'GET',
  path: '/api/profiles',
  summary: 'The agents there are, by title',
  tag: 'Agents',
  status: 200,
  reply: z.object({
    profiles: z.array(z.object({ slug: z.string(), title: z.string(), language: z.string() })),
  }),
});
