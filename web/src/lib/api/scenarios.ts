import type * as z from 'zod/mini';
import * as contracts from '../../../../protocol/api/scenarios.ts';
import type { AskOptions } from '../../../../protocol/client/client.ts';
import type { Scenario } from '../../../../domain/scene/scenario.ts';
import { api } from './client.ts';

export type ScenarioRow = z.infer<typeof contracts.ScenarioRowSchema>;
export type ScenarioRun = z.infer<typeof contracts.ScenarioRunSchema>;

export const readScenarios = (profile: string, options?: AskOptions) =>
  api(contracts.listScenarios, { query: { profile } }, options);
export const readRuns = (scenarioId: string, options?: AskOptions) =>
  api(contracts.listRuns, { params: { scenarioId } }, options);

export const addScenario = (slug: string, scenario: Scenario) =>
  api(contracts.createScenario, { body: { slug, scenario } });
export const putScenario = (scenarioId: string, scenario: Scenario) =>
  api(contracts.changeScenario, { params: { scenarioId }, body: { scenario } });
export const dropScenario = (scenarioId: string) => api(contracts.removeScenario, { params: { scenarioId } });
export const tryScenario = (scenarioId: string, which: 'draft' | 'published') =>
  api(contracts.runScenario, { params: { scenarioId }, body: { with: which } });
export const scenarioFromCall = (callId: string) =>
  api(contracts.createScenarioFromCall, { params: { callId } });
