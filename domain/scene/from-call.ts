import type { CallState } from '../call/state.ts';
import { maskWords } from '../privacy/mask.ts';
import type { Scenario } from './scenario.ts';

/** The most a scenario holds. */
export const SCENARIO_LINES = 40;
export const LINE_LENGTH = 500;

/**
 * The customer's side of a call, to be held again: without names, and numbers and addresses masked, for others will read it
 * (SCENE-4). What must come of it is for a person to say.
 */
export function scenarioOf({ transcript, request }: CallState): Scenario {
  const lines = transcript
    .filter(({ speaker, text }) => speaker === 'customer' && text.trim() !== '')
    .slice(0, SCENARIO_LINES)
    .map(({ text }) => maskWords(text).slice(0, LINE_LENGTH));
  return { name: `From a call with ${request.profile}`, customerName: null, lines, expectations: [] };
}
