import type { Outcome } from '../call/fact.ts';

/** A dial that somebody answered. */
export interface AnsweredDial {
  readonly outcome: Outcome;
}

/** Looked at: so many of the last answered dials, at most. */
export const BRAKE_LOOKS_AT = 100;
/** Before so many were answered nothing can be said. */
const BRAKE_NEEDS = 20;
/** More than this share found nobody: the campaign pauses itself (CAMP-4). US law says 3 % over 30 days. */
const ABANDONED_AT_MOST = 0.03;

/** They answered, and found nobody, or nobody any more. */
const foundNobody: ReadonlySet<Outcome> = new Set<Outcome>(['abandoned', 'noAgent', 'agentFailed']);

export const findsNobody = (outcome: Outcome): boolean => foundNobody.has(outcome);

export function mustBrake(answered: readonly AnsweredDial[]): boolean {
  if (answered.length < BRAKE_NEEDS) return false;
  const lost = answered.filter(({ outcome }) => findsNobody(outcome)).length;
  return lost / answered.length > ABANDONED_AT_MOST;
}
