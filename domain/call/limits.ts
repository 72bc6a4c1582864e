import { costOfModels } from '../cost/cost.ts';
import type { ModelReplaced } from './agent-facts.ts';
import type { CallFact, Outcome, SessionEndingOutcome, UsageReported } from './fact.ts';
import type { CallState } from './state.ts';
import { addUsage, hasEnded } from './state.ts';
import { lineOf, supervisionOf } from './supervision.ts';

/** Told that the call has cost what it may, an agent that did not say goodbye by then is cut off (LIMIT-2), ms. */
export const SPEND_FAREWELL_MS = 25_000;

/** A call of which something else was said than how it goes on. */
export interface LimitPart {
  /** When its models had cost what it allows; left out until then. */
  readonly spendLimitAtMs?: number;
  /** No model answered any more; left out otherwise. */
  readonly outage?: true;
}

/** What was consumed, and whether that is all the call allows (LIMIT-2). */
export function usageObserved(call: CallState, report: UsageReported): readonly CallFact[] {
  const { limits } = call.request;
  const most = limits?.spendMicros ?? null;
  if (most === null || limits?.prices === undefined || call.spendLimitAtMs !== undefined || hasEnded(call))
    return [report];
  const spentMicros = costOfModels(addUsage(call.usage, report), limits.prices);
  return spentMicros < most ? [report] : [report, { type: 'spendLimitReached', spentMicros }];
}

/** With none left the customer is promised a call back, unless a person has the line, who needs no model (MODEL-2). */
export function modelReplaced(call: CallState, replaced: ModelReplaced): readonly CallFact[] {
  const isOutage = replaced.to === null && call.outage === undefined && lineOf(call) === null;
  return isOutage ? [replaced, { type: 'callBackPromised', reason: 'outage' }] : [replaced];
}

/** What a call comes to that its agent ended. */
export const outcomeOfAgent = (call: CallState, outcome: SessionEndingOutcome | undefined): Outcome =>
  call.outage === true ? 'agentFailed' : (outcome ?? 'completed');

/** Since when the agent should be gone, epoch ms; null while it need not go, or a person has the line. */
export function spentSinceMs(call: CallState): number | null {
  if (call.spendLimitAtMs === undefined || lineOf(call) !== null) return null;
  return Math.max(call.spendLimitAtMs, supervisionOf(call).releasedAtMs ?? 0);
}

/** Since when somebody waits for the end of a call that nobody can carry on, epoch ms. */
export function farewellSinceMs(call: CallState, isAgentThere: boolean): number | null {
  if (call.outage === true) return lineOf(call) === null ? call.callBackPromisedAtMs : null;
  return isAgentThere ? null : call.callBackPromisedAtMs;
}
