import type { DialFailure } from '../../domain/dial/order.ts';

/**
 * What a SIP answer says of the dial (RFC 3261 §21). A refusal of the trunk itself (401, 403, 407) is the carrier's failure,
 * never the customer's.
 */
export function failureOfSip(code: number): DialFailure {
  return sipFailures[code] ?? 'carrierFailed';
}

const sipFailures: Readonly<Record<number, DialFailure>> = {
  404: 'invalidNumber',
  408: 'noAnswer',
  410: 'invalidNumber',
  480: 'noAnswer',
  484: 'invalidNumber',
  486: 'busy',
  487: 'noAnswer',
  600: 'busy',
  603: 'declined',
  604: 'invalidNumber',
  607: 'declined',
  608: 'declined',
};

/**
 * Why a SIP participant that was never answered left, by LiveKit's `DisconnectReason`. It tells a busy line and a declined
 * call by the same word, "rejected (busy)". Null: the reason says nothing of the telephone.
 */
export function failureOfLeaving(
  reason: number,
): { readonly failure: DialFailure; readonly cause: string } | null {
  return leavingFailures[reason] ?? null;
}

const leavingFailures: Readonly<Record<number, { readonly failure: DialFailure; readonly cause: string }>> = {
  // The SIP service itself gave it up.
  1: { failure: 'noAnswer', cause: 'CLIENT_INITIATED' },
  11: { failure: 'noAnswer', cause: 'USER_UNAVAILABLE' },
  12: { failure: 'busy', cause: 'USER_REJECTED' },
  13: { failure: 'carrierFailed', cause: 'SIP_TRUNK_FAILURE' },
};

/** What Twilio's `CallStatus` says of the dial. Null: it says nothing, or nothing yet. */
export type TwilioNews =
  { readonly kind: 'ringing' } | { readonly kind: 'failed'; readonly failure: DialFailure };

export function newsOfTwilio(status: string, sipCode: number | null): TwilioNews | null {
  switch (status) {
    case 'ringing':
      return { kind: 'ringing' };
    case 'busy':
      return { kind: 'failed', failure: 'busy' };
    case 'no-answer':
    case 'canceled':
      return { kind: 'failed', failure: 'noAnswer' };
    case 'failed':
      // "Could not be completed as dialled, most likely because the number does not exist": the SIP code knows better.
      return { kind: 'failed', failure: sipCode === null ? 'invalidNumber' : failureOfSip(sipCode) };
    default:
      return null;
  }
}

/** What Twilio answers instead of taking a call: its error codes (twilio.com/docs/api/errors). */
export function failureOfTwilioError(code: number): DialFailure {
  return invalidAtTwilio.has(code) ? 'invalidNumber' : 'carrierFailed';
}

/** 13223–13226: not a number that can be called; 21201, 21211, 21217: no or no valid `To`; 21214: cannot be reached. */
const invalidAtTwilio: ReadonlySet<number> = new Set([
  13_223, 13_224, 13_225, 13_226, 21_201, 21_211, 21_214, 21_217,
]);
