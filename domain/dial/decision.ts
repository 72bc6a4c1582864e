/** Why a number was not dialled. A closed set: screens and tests switch on it, people read `because`. */
export const dialRefusals = [
  /** Outside the hours that law and campaign allow where the lead is. */
  'outsideHours',
  'doNotCall',
  'noConsent',
  /** Nothing tells where the lead is, so no hour is known to be allowed. */
  'zoneUnknown',
  'numberBusyWithUs',
  'dailyCap',
  'lifetimeCap',
  'attemptsUsed',
  /** No day of the coming weeks has an hour that both allow. */
  'neverOpen',
] as const;
export type DialRefusal = (typeof dialRefusals)[number];

/** Where a lead is, and how we know. Better evidence hides worse; several zones: the strictest counts. */
export interface ZoneEvidence {
  readonly source: 'given' | 'postalCode' | 'number' | 'none';
  /** IANA zones that the evidence allows. */
  readonly zones: readonly string[];
  /** ISO 3166-1 country and, where it matters, subdivision: `US-FL`. Null: unknown. */
  readonly regions: readonly string[];
}

/** The hours that applied. */
export interface RuleApplied {
  /** Of the rules table: `us-fl`. */
  readonly ruleId: string;
  readonly region: string;
  /** What says so: a statute or regulation, as the table has it. */
  readonly source: string;
  /** Minutes since local midnight. */
  readonly from: number;
  readonly to: number;
}

/**
 * Why a number was dialled, or why not: written before anything rings, kept with the call, and chained: `hash` is over this
 * record (without it) and `previousHash`, so that a record that is missing or changed shows.
 */
export interface DialDecision {
  /** Counts a chain from 1 without gaps. A campaign is a chain; calls by hand are one of their own. */
  readonly seq: number;
  readonly chain: string;
  readonly atMs: number;
  readonly leadId: string | null;
  /** The call that it allowed; null when refused. */
  readonly callId: string | null;
  readonly verdict: 'allowed' | 'refused';
  readonly refusal: DialRefusal | null;
  readonly zone: ZoneEvidence;
  /** The zone whose clock was the strictest, and the time there: `2026-11-21T10:03`. */
  readonly judgedIn: { readonly zone: string; readonly localTime: string } | null;
  readonly rules: readonly RuleApplied[];
  /** The campaign's own hours of that day. */
  readonly campaignHours: readonly { readonly from: number; readonly to: number }[];
  /** When the lead may be dialled next, epoch ms; null when allowed now, or never. */
  readonly nextOpenAtMs: number | null;
  readonly caps: {
    readonly last24h: number;
    readonly per24h: number;
    readonly ever: number;
    readonly lifetime: number;
    readonly attempts: number;
    readonly budget: number;
  };
  readonly doNotCall: boolean;
  readonly consent: { readonly basis: string; readonly evidence: string | null };
  /** The whole of it as one sentence for people; without personal data. */
  readonly because: string;
  readonly previousHash: string;
  readonly hash: string;
}
