import * as z from 'zod/mini';
import { contract } from './contract.ts';
import { SimulatedSchema } from './session.ts';

const tag = 'Operations';

export const alive = contract({
  method: 'GET',
  path: '/healthz',
  summary: 'The Worker answers',
  tag,
  status: 200,
  reply: z.string(),
  replyType: 'text/plain',
});

export const HealthSchema = z.object({
  ok: z.boolean(),
  version: z.string(),
  /** What this deployment simulates, so that the sign-in page can say it too. */
  simulated: SimulatedSchema,
  /** Development only: ready logins for the sign-in page. */
  demoLogins: z.array(z.object({ email: z.string(), password: z.string(), role: z.string() })),
  /** No account exists yet: the page leads to setting up the first. */
  needsSetup: z.boolean(),
});
export const getHealth = contract({
  method: 'GET',
  path: '/api/health',
  summary: 'What a page must know before anyone signs in',
  tag,
  status: 200,
  reply: HealthSchema,
});

const CheckSchema = z.object({
  name: z.enum(['database', 'archive', 'media', 'agentSeats']),
  ok: z.boolean(),
  durationMs: z.number(),
  /** What was found, or why not: never a secret, an address or a name. */
  detail: z.string(),
});
export const ready = contract({
  method: 'GET',
  path: '/readyz',
  summary:
    'Whether calls can be taken: database, archive, media server, free agent seats, each with its time',
  tag,
  status: 200,
  reply: z.object({ ready: z.boolean(), checks: z.array(CheckSchema) }),
});

export const debugEnv = contract({
  method: 'GET',
  path: '/debug/env',
  summary: 'Which settings are present; never their values',
  tag,
  status: 200,
  reply: z.object({
    version: z.string(),
    settings: z.array(
      z.object({ name: z.string(), present: z.boolean(), needed: z.boolean(), purpose: z.string() }),
    ),
  }),
});
