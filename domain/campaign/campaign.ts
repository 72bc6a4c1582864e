import type { RecordingPolicy } from '../call/recording.ts';

/**
 * A campaign: leads, a script, and the rules by which they are called. What it is doing is `status`; all else its people
 * choose. Times of day are minutes since local midnight where the lead is.
 */
export type CampaignStatus =
  /** Being prepared; nothing is dialled. */
  | 'draft'
  /** Starts by itself at `startsAtMs`. */
  | 'scheduled'
  | 'running'
  /** By a person, or by the abandon brake; calls in progress go on. */
  | 'paused'
  /** By a person, for good. */
  | 'stopped'
  /** No lead is left to be called. */
  | 'finished';

/** From and to, minutes since midnight; `to` is not in it. 0 ≤ from < to ≤ 1440. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** When a campaign may call, by the lead's own clock. The law may allow less: the stricter wins. */
export type CallingWindows = Readonly<Record<Weekday, readonly Hours[]>>;

/** Outcomes after which a lead may be tried again. */
export const retriedOutcomes = ['busy', 'noAnswer', 'voicemail', 'failed'] as const;
export type RetriedOutcome = (typeof retriedOutcomes)[number];

/** Null: not tried again after this. Else how long it waits, ms. */
export type RetryRules = Readonly<Record<RetriedOutcome, { readonly afterMs: number } | null>>;

export interface CampaignSettings {
  readonly name: string;
  /** Slug of the agent's profile. */
  readonly profile: string;
  /** Added to the profile's instructions; placeholders as `{{lead.name}}`, `{{lead.vehicle}}`. */
  readonly script: string;
  /** Said first instead of the profile's greeting; empty: the profile's. Placeholders too. */
  readonly greeting: string;
  /** Which way out: an id of a carrier. */
  readonly carrierId: string;
  /** E.164; null: the carrier's own. */
  readonly callerId: string | null;
  /** Calls at a time. */
  readonly concurrency: number;
  readonly callsPerSecond: number;
  readonly windows: CallingWindows;
  readonly retry: RetryRules;
  /** Dials a lead, whatever came of them: one budget shared by all retry rules. */
  readonly attempts: number;
  /** Dials a number, by every campaign together: in any rolling 24 hours, and ever. */
  readonly caps: { readonly per24h: number; readonly lifetime: number };
  /** How long it rings, ms. */
  readonly ringMs: number;
  readonly voicemail: 'hangUp' | 'leaveMessage';
  /** Said to a machine when a message is left; placeholders too. */
  readonly voicemailMessage: string;
  /**
   * What allows calling them: `written` consent held for all, consent named `perLead` in their data, or `notRequired` where
   * the law asks for none. It stands in each decision.
   */
  readonly consent: 'written' | 'perLead' | 'notRequired';
  /** Less than the agent's profile would record, never more (REC-1); left out: as the profile has it. */
  readonly recording?: RecordingPolicy | undefined;
}

export interface Campaign extends CampaignSettings {
  readonly campaignId: string;
  readonly status: CampaignStatus;
  /** Why it is paused; null otherwise. */
  readonly pausedBecause: 'byPerson' | 'abandonBrake' | 'budget' | null;
  /** Raised with each change: who edits an older one is told. */
  readonly version: number;
  readonly createdAtMs: number;
  /** When it starts by itself; null unless scheduled. */
  readonly startsAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly archivedAtMs: number | null;
}
