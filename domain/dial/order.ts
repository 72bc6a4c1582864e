import type { DialDecision } from './decision.ts';

export const carrierKinds = ['lab', 'livekitSip', 'twilio'] as const;
export type CarrierKind = (typeof carrierKinds)[number];

/** How a number is to be rung. In the ledger before anything rings, with the decision that allows it (DIAL-1). */
export interface DialOrder {
  readonly carrierId: string;
  readonly carrier: CarrierKind;
  /** Ours, shown to the customer; E.164. Null: the carrier's own. */
  readonly callerId: string | null;
  /** How long it may ring, ms. */
  readonly ringMs: number;
  readonly voicemail: 'hangUp' | 'leaveMessage';
  readonly decision: DialDecision;
}

/** Why nobody was reached: every carrier's answer is one of these, or the customer is there. */
export const dialFailures = ['busy', 'noAnswer', 'declined', 'invalidNumber', 'carrierFailed'] as const;
export type DialFailure = (typeof dialFailures)[number];

/** What this call's agent is told beside its profile: already filled in for the one it calls. */
export interface Briefing {
  /** Instead of the profile's instructions: the same, with this lead's data where they name it. */
  readonly instructions?: string | undefined;
  /** Added to the profile's instructions. */
  readonly script: string;
  /** Null: the profile's. */
  readonly greeting: string | null;
  /** Said to a machine; null: nothing is. */
  readonly voicemailMessage: string | null;
}
