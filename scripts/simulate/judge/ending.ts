import type { CallEvent } from '../../../domain/call/fact.ts';
import type { CallModel } from './call-model.ts';
import {
  CUSTOMER_COMES_MS,
  CUSTOMER_RETURNS_MS,
  DIAL_STARTS_MS,
  FAREWELL_MS,
  LONGEST_CALL_MS,
  NO_SIGN_MS,
  NO_WORD_MS,
  OFFER_OPENS_MS,
  SEARCH_MS,
} from './limits.ts';

/** What is wrong with an end, given all that came before it; null when it is as the rules have it. */
export function endingIsWrong(
  call: CallModel,
  end: Extract<CallEvent, { type: 'callEnded' }>,
): string | null {
  if (call.end !== null) return 'a second end';
  const since = (sinceMs: number | null, afterMs: number): boolean =>
    sinceMs !== null && end.atMs >= sinceMs + afterMs;
  const early = (due: boolean): string | null => (due ? null : `${end.outcome} before its time`);
  if (call.machine !== (end.outcome === 'voicemail')) return 'a machine’s call that is no voicemail';
  switch (end.outcome) {
    case 'voicemail':
      return null;
    case 'noAnswer':
      if (call.dialled) return early(call.expected && since(call.dialStartedAtMs, call.ringsLongestMs));
      return early(!call.customerCame && since(call.requestedAtMs, CUSTOMER_COMES_MS));
    case 'customerHungUp':
    case 'abandoned': {
      if (call.promisedAtMs !== null && call.agent === null)
        return `${end.outcome} although a call back is promised`;
      if ((end.outcome === 'abandoned') !== (call.answeredAtMs === null))
        return `${end.outcome} at the wrong time`;
      if (end.reason !== 'the customer left') return null;
      return early(call.customer === null && since(call.customerLeftAtMs, CUSTOMER_RETURNS_MS));
    }
    case 'noAgent':
      if (call.promisedAtMs !== null && call.agent === null) {
        const left = call.customer === null && since(call.customerLeftAtMs, CUSTOMER_RETURNS_MS);
        return early(left || since(call.promisedAtMs, FAREWELL_MS));
      }
      if (call.offer !== null) return 'no agent although an offer stands';
      if (call.customer !== null) return 'a customer who waits was promised no call back';
      if (call.agents.length > 0 && !call.expected)
        return 'given up a search that nobody waited for and nobody began';
      return early(since(call.searchingSinceMs, SEARCH_MS + call.offersMade * OFFER_OPENS_MS));
    case 'agentFailed':
      return 'agentFailed although fewer than four agents were lost';
    case 'spendLimit':
      return 'spendLimit although no call has one';
    case 'timeLimit':
      return early(since(call.answeredAtMs, LONGEST_CALL_MS));
    case 'stale':
      return early(since(call.silentSinceMs, NO_WORD_MS) || since(call.lastEventAtMs, NO_SIGN_MS));
    case 'completed':
      if (end.endedBy === 'agent') return null;
      return call.hungUp ? null : 'completed by nobody';
    case 'cancelled':
      // Else what allowed the dial was over before it rang.
      if (call.dialled && call.dialStartedAtMs === null && !call.customerCame) return null;
      return call.answeredAtMs === null && call.hungUp ? null : 'cancelled by nobody';
    case 'carrierFailed': {
      const toBeRung = call.dialled && call.dialStartedAtMs === null;
      return early(toBeRung && since(call.agent?.joinedAtMs ?? null, DIAL_STARTS_MS));
    }
    case 'busy':
    case 'declined':
    case 'invalidNumber':
      return `${end.outcome} although no carrier said so`;
  }
}
