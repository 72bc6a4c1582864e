import type { Outcome } from '../call/fact.ts';
import type { Settlement } from '../dial/settlement.ts';
import type { LeadStatus } from '../lead/lead.ts';
import type { CampaignSettings, RetriedOutcome } from './campaign.ts';

/** What becomes of a lead after a call. */
export interface FollowUp {
  readonly status: LeadStatus;
  readonly nextAttemptAtMs: number;
  readonly callBackAtMs: number | null;
  /** Nobody was rung: the attempt counts for nothing. */
  readonly attemptGivenBack: boolean;
}

/** A lead whom nobody could be found for is looked at again after this, ms. */
const NOT_RUNG_AGAIN_MS = 60_000;

/** By which retry rule an outcome goes; null: they were reached. */
function ruleOf(outcome: Outcome, answered: boolean): RetriedOutcome | null {
  switch (outcome) {
    case 'completed':
    case 'customerHungUp':
    case 'timeLimit':
    case 'spendLimit':
      return null;
    case 'stale':
      return answered ? null : 'failed';
    case 'voicemail':
      return 'voicemail';
    case 'busy':
    // They are there, and have no time now.
    case 'declined':
      return 'busy';
    case 'noAnswer':
      return 'noAnswer';
    case 'abandoned':
    case 'noAgent':
    case 'agentFailed':
    case 'cancelled':
    case 'carrierFailed':
    case 'invalidNumber':
      return 'failed';
  }
}

/**
 * What the end of a call makes of its lead: a wish of theirs first, then the retry rule of the outcome, all rules sharing
 * one budget of attempts (CAMP-3). `attempts` counts this one; `callBackAtMs` is what this call was to honour.
 */
export function followUp(
  end: Settlement,
  { attempts, callBackAtMs }: { readonly attempts: number; readonly callBackAtMs: number | null },
  settings: Pick<CampaignSettings, 'retry' | 'attempts'>,
): FollowUp {
  const over = (status: LeadStatus): FollowUp => ({
    status,
    nextAttemptAtMs: 0,
    callBackAtMs: null,
    attemptGivenBack: false,
  });
  if (end.doNotCall) return over('doNotCall');
  if (end.callBackForAtMs !== null) {
    const forAtMs = end.callBackForAtMs;
    return { ...over('waiting'), nextAttemptAtMs: forAtMs, callBackAtMs: forAtMs };
  }
  if (!end.rung && end.outcome !== 'invalidNumber') {
    const nextAttemptAtMs = end.endedAtMs + NOT_RUNG_AGAIN_MS;
    return { status: 'waiting', nextAttemptAtMs, callBackAtMs, attemptGivenBack: true };
  }
  if (end.outcome === 'invalidNumber') return over('unreachable');
  const rule = ruleOf(end.outcome, end.answeredAtMs !== null);
  if (rule === null) return over('reached');
  const retry = settings.retry[rule];
  if (retry === null || attempts >= settings.attempts) return over('exhausted');
  return { ...over('waiting'), nextAttemptAtMs: end.endedAtMs + retry.afterMs };
}
