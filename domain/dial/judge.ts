import type { CampaignSettings } from '../campaign/campaign.ts';
import type { Lead } from '../lead/lead.ts';
import { becauseOf } from './because.ts';
import type { DialDecision, DialRefusal } from './decision.ts';
import type { HoursVerdict } from './hours.ts';
import { judgeHours } from './hours.ts';
import { zoneEvidenceOf } from './zone-evidence.ts';

/** What is judged of a lead. */
export type JudgedLead = Pick<
  Lead,
  'leadId' | 'phone' | 'zone' | 'postalCode' | 'consent' | 'attempts' | 'callBackAtMs'
>;
/** What is judged of its campaign. */
export type JudgedBy = Pick<CampaignSettings, 'windows' | 'attempts' | 'caps' | 'consent'>;

/** What is known of the number, over all campaigns. */
export interface NumberHistory {
  readonly suppressed: boolean;
  /** One of us is calling it. */
  readonly live: boolean;
  /** When it was dialled, ever, epoch ms; dials that never rang left out. */
  readonly dialledAtMs: readonly number[];
}

/** A decision that has no place in a chain yet. `nextOpenAtMs`: look again then; null with a refusal: never. */
export type Judgement = Omit<DialDecision, 'seq' | 'chain' | 'callId' | 'previousHash' | 'hash'>;

const DAY_MS = 86_400_000;
/**
 * What counts as 24 hours for a cap, ms. A minute more: a telephone rings a moment after it was let, and what was measured
 * by one clock is compared with another (the simulation's seed 1528 rang 0.6 s too early).
 */
export const CAP_WINDOW_MS = DAY_MS + 60_000;
/** An agent is sought before anything rings: a window that closes within this, ms, is not begun any more. */
export const CLOSING_MS = 60_000;
/** As far ahead as openings are looked for. */
const AHEAD_MS = 15 * DAY_MS;
/** A number that one of us is calling is looked at again after this, ms. */
const BUSY_AGAIN_MS = 60_000;

/**
 * May this number be dialled now, and why (DIAL-1)? Every rule is looked at, so that the record shows them all; the first
 * that says no is the refusal. Law and campaign both count, the stricter wins.
 */
export function judgeDial(
  lead: JudgedLead,
  campaign: JudgedBy,
  history: NumberHistory,
  nowMs: number,
): Judgement {
  const zone = zoneEvidenceOf(lead);
  const hours = hoursWithClosing(zone, campaign, nowMs);
  const caps = capsOf(lead, campaign, history, hours, nowMs);
  const consent = consentOf(lead, campaign);
  const refusal = refusalOf(lead, hours, caps, consent, history);
  const decision = {
    atMs: nowMs,
    leadId: lead.leadId,
    verdict: refusal === null ? ('allowed' as const) : ('refused' as const),
    refusal,
    zone,
    judgedIn: hours.judgedIn,
    rules: hours.rules,
    campaignHours: hours.campaignHours,
    nextOpenAtMs: againAtMs(refusal, hours, caps, history, nowMs),
    caps,
    doNotCall: history.suppressed,
    consent,
  };
  return { ...decision, because: becauseOf(decision) };
}

function hoursWithClosing(zone: DialDecision['zone'], { windows }: JudgedBy, nowMs: number): HoursVerdict {
  const now = judgeHours(zone, windows, nowMs);
  if (now.nextOpenAtMs === null) return now;
  const nextOpenAtMs = longEnough(zone, windows, now.nextOpenAtMs, nowMs);
  if (now.open && nextOpenAtMs === nowMs) return now;
  // The clock and the hours of now: they explain why it is too late.
  return {
    ...now,
    open: false,
    refusal: nextOpenAtMs === null ? 'neverOpen' : 'outsideHours',
    nextOpenAtMs,
  };
}

/** The first opening that is not closed again before an agent could be there; null: none of the coming two weeks. */
function longEnough(
  zone: DialDecision['zone'],
  windows: JudgedBy['windows'],
  fromMs: number,
  nowMs: number,
): number | null {
  for (let atMs: number | null = fromMs; atMs !== null && atMs <= nowMs + AHEAD_MS;) {
    const soon = judgeHours(zone, windows, atMs + CLOSING_MS);
    if (soon.open) return atMs;
    atMs = soon.nextOpenAtMs;
  }
  return null;
}

function capsOf(
  { attempts }: JudgedLead,
  campaign: JudgedBy,
  { dialledAtMs }: NumberHistory,
  { callsPer24h }: HoursVerdict,
  nowMs: number,
): DialDecision['caps'] {
  const { per24h, lifetime } = campaign.caps;
  return {
    last24h: dialledAtMs.filter((atMs) => atMs > nowMs - CAP_WINDOW_MS).length,
    per24h: callsPer24h === null ? per24h : Math.min(per24h, callsPer24h),
    ever: dialledAtMs.length,
    lifetime,
    attempts,
    budget: campaign.attempts,
  };
}

/** The lead's own words of it stay with the lead, which can be erased; a decision cannot. */
function consentOf({ consent }: JudgedLead, campaign: JudgedBy): DialDecision['consent'] {
  const named = campaign.consent === 'perLead' && consent !== null && consent.trim() !== '';
  return { basis: campaign.consent, evidence: named ? 'named with the lead' : null };
}

function refusalOf(
  lead: JudgedLead,
  hours: HoursVerdict,
  caps: DialDecision['caps'],
  consent: DialDecision['consent'],
  history: NumberHistory,
): DialRefusal | null {
  if (history.suppressed) return 'doNotCall';
  if (hours.refusal === 'zoneUnknown' || hours.refusal === 'neverOpen') return hours.refusal;
  if (consent.basis === 'perLead' && consent.evidence === null) return 'noConsent';
  // Who asked to be called back is, though the campaign's own tries are used up.
  if (caps.attempts >= caps.budget && lead.callBackAtMs === null) return 'attemptsUsed';
  if (caps.ever >= caps.lifetime) return 'lifetimeCap';
  if (caps.last24h >= caps.per24h) return 'dailyCap';
  if (!hours.open) return 'outsideHours';
  return history.live ? 'numberBusyWithUs' : null;
}

function againAtMs(
  refusal: DialRefusal | null,
  hours: HoursVerdict,
  caps: DialDecision['caps'],
  { dialledAtMs }: NumberHistory,
  nowMs: number,
): number | null {
  switch (refusal) {
    case 'outsideHours':
      return hours.nextOpenAtMs;
    case 'numberBusyWithUs':
      return nowMs + BUSY_AGAIN_MS;
    case 'dailyCap': {
      // When so many of the last day's are a day old that one more fits.
      const lastDay = dialledAtMs.filter((atMs) => atMs > nowMs - CAP_WINDOW_MS).toSorted((a, b) => a - b);
      const oldest = lastDay[lastDay.length - caps.per24h];
      return oldest === undefined ? null : oldest + CAP_WINDOW_MS;
    }
    default:
      return null;
  }
}
