import type { AnsweredBy, CallFact, Outcome } from './fact.ts';
import type { CallInput } from './input.ts';
import type { CallState } from './state.ts';
import { hasEnded, presentAgent } from './state.ts';

/** Somebody's telephone is, or may be, ringing for this call. */
export const isRinging = (call: CallState): boolean =>
  !hasEnded(call) &&
  call.customer === null &&
  call.dial !== undefined &&
  call.dial.startedAtMs !== null &&
  call.dial.failure === null;

/** Somebody is to be rung and has not been; who is there already is not rung. */
export const isToBeRung = (call: CallState): boolean =>
  !hasEnded(call) && call.dial?.startedAtMs === null && call.customer === null;

/** An agent is there, and the customer has not been rung yet. */
export const awaitsDial = (call: CallState): boolean => isToBeRung(call) && presentAgent(call) !== null;

/** No customer is there, but one may be any moment, or will be rung once an agent is there: an agent who is lost is missed. */
export const expectsCustomer = (call: CallState): boolean => isRinging(call) || isToBeRung(call);

/** A number is rung once, and never before an agent is there (DIAL-2, DIAL-3). Null: not now. */
export const startDial = (call: CallState): readonly CallFact[] | null =>
  awaitsDial(call) ? [{ type: 'dialStarted' }] : null;

export function dialNews(
  call: CallState,
  news: Extract<CallInput, { type: 'dialPlaced' | 'dialRinging' | 'dialFailed' }>,
): readonly CallFact[] {
  const { dial } = call;
  if (dial === undefined || dial.startedAtMs === null || hasEnded(call)) return [];
  switch (news.type) {
    case 'dialPlaced':
      return dial.placedAtMs === null ? [news] : [];
    case 'dialRinging':
      return dial.ringingAtMs === null && call.customer === null ? [news] : [];
    case 'dialFailed': {
      // Somebody who was there has been reached, whatever a late answer of the carrier says.
      if (!isRinging(call)) return [];
      const reason = 'nobody was reached';
      return [news, { type: 'callEnded', outcome: news.failure, endedBy: 'system', reason }];
    }
  }
}

/** The first verdict counts. */
export const answered = (call: CallState, verdict: AnsweredBy): readonly CallFact[] =>
  call.answeredBy === undefined ? [verdict] : [];

/** A call that a machine took is no conversation, however it was ended. */
export const outcomeOf = (call: CallState, outcome: Outcome): Outcome =>
  call.answeredBy?.verdict === 'machine' ? 'voicemail' : outcome;

/** A call back is asked for within so many days, ms. */
const CALL_BACK_WITHIN_MS = 90 * 86_400_000;

/** A wish that nobody can mean is kept as near to it as can be. */
export const boundedCallBackMs = (forAtMs: number, nowMs: number): number =>
  Math.round(Math.min(Math.max(forAtMs, nowMs), nowMs + CALL_BACK_WITHIN_MS));
