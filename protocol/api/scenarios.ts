import * as z from 'zod/mini';
import { AtMs, Count, Id } from '../primitives.ts';
import { ScenarioSchema, ScenarioVerdictSchema } from '../scenario.ts';
import { SlugSchema, Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Scenarios';
const Params = z.strictObject({ scenarioId: Uuid });

export const ScenarioRunSchema = z.object({
  /** Each try is a call of its own. */
  callId: Id,
  /** Of the profile; 0: its draft. */
  version: Count,
  startedAtMs: AtMs,
  /** Null while it goes on. */
  verdict: z.nullable(ScenarioVerdictSchema),
});
export const ScenarioRowSchema = z.object({
  scenarioId: Id,
  /** The profile it tries. */
  slug: Id,
  scenario: ScenarioSchema,
  /** The call it was made from. */
  fromCall: z.nullable(Id),
  createdAtMs: AtMs,
  /** Null: it was never tried. */
  lastRun: z.nullable(ScenarioRunSchema),
});

export const listScenarios = contract({
  method: 'GET',
  path: '/api/scenarios',
  summary: 'Conversations that profiles are tried with, oldest first, each with its latest try',
  tag,
  query: z.strictObject({ profile: z.optional(SlugSchema) }),
  status: 200,
  reply: z.object({ scenarios: z.array(ScenarioRowSchema) }),
});
export const createScenario = contract({
  method: 'POST',
  path: '/api/scenarios',
  summary: 'Write a scenario: what a customer says, and what must come of it',
  tag,
  body: z.strictObject({ slug: SlugSchema, scenario: ScenarioSchema }),
  status: 201,
  reply: z.object({ scenario: ScenarioRowSchema }),
  idempotency: 'replay',
  leadsTo: { 'GET /api/scenarios/:scenarioId/runs': { param: 'scenarioId', field: '/scenario/scenarioId' } },
});
export const createScenarioFromCall = contract({
  method: 'POST',
  path: '/api/calls/:callId/scenario',
  summary: 'Make a scenario of a call that has ended: its customer’s words, numbers and addresses masked',
  tag,
  params: z.strictObject({ callId: Uuid }),
  status: 201,
  reply: z.object({ scenario: ScenarioRowSchema }),
  idempotency: 'replay',
});
export const changeScenario = contract({
  method: 'PUT',
  path: '/api/scenarios/:scenarioId',
  summary: 'Change a scenario; its tries so far stay as they were judged',
  tag,
  params: Params,
  body: z.strictObject({ scenario: ScenarioSchema }),
  status: 200,
  reply: z.object({ scenario: ScenarioRowSchema }),
});
export const removeScenario = contract({
  method: 'DELETE',
  path: '/api/scenarios/:scenarioId',
  summary: 'Remove a scenario and what is known of its tries; their calls stay',
  tag,
  params: Params,
  status: 204,
});
export const runScenario = contract({
  method: 'POST',
  path: '/api/scenarios/:scenarioId/runs',
  summary: 'Hold the conversation, in words without sound, with the draft or with what is published',
  tag,
  params: Params,
  body: z.strictObject({ with: z.enum(['draft', 'published']) }),
  status: 202,
  reply: z.object({ run: ScenarioRunSchema }),
});
export const listRuns = contract({
  method: 'GET',
  path: '/api/scenarios/:scenarioId/runs',
  summary: 'A scenario’s latest tries, newest first, and what came of each',
  tag,
  params: Params,
  status: 200,
  reply: z.object({ scenario: ScenarioRowSchema, runs: z.array(ScenarioRunSchema) }),
});
