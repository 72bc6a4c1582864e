import { CAP_WINDOW_MS } from '../domain/dial/judge.ts';

/**
 * Everything that must hold at the moment a lead is dialled, as SQL over `l` (its row), `c` (its campaign), `k` (the
 * carrier) and `d` (limits of all campaigns). Each is there once, for the claim itself and for telling which refused it.
 * ?1 the call's id, ?2 the lead, ?3 now, ?4 the campaign's version that was judged by, ?5 the legal cap of 24 hours.
 */
export const claimRefusals = [
  /** It was paused, stopped or edited since it was judged. */
  'campaign',
  /** It is not waiting any more, or not due. */
  'lead',
  'doNotCall',
  'numberBusyWithUs',
  'attemptsUsed',
  'lifetimeCap',
  'dailyCap',
  'carrier',
  'slots',
  'pace',
] as const;
export type ClaimRefusal = (typeof claimRefusals)[number];
type Conditions = Readonly<Record<ClaimRefusal, string>>;

const setting = (name: string): string => `json_extract(c.settings, '$.${name}')`;

/** Dials of the lead's number that count: live, or really rung. */
const DIALLED = `FROM dials x WHERE x.phone = l.phone AND (x.ended_at_ms IS NULL OR x.rung_at_ms IS NOT NULL)`;
const LIVE = 'SELECT count(*) FROM dials x WHERE x.ended_at_ms IS NULL';

/** As `paceOf` has it: so many whole calls within so long. */
const callsOf = (perSecond: string): string =>
  `(CAST(${perSecond} AS INTEGER) + (${perSecond} > CAST(${perSecond} AS INTEGER)))`;
const withinOf = (perSecond: string): string => `(1000.0 * ${callsOf(perSecond)} / ${perSecond})`;

/** `column` says when each began; the dial itself does not count against itself. */
export const inPace = (column: string, of: string, perSecond: string): string =>
  `(SELECT count(*) FROM dials x WHERE ${of} x.${column} > ?3 - ${withinOf(perSecond)} AND x.call_id <> ?1) < ${callsOf(perSecond)}`;

const ofCampaign = 'x.campaign_id = c.campaign_id AND';
const ofCarrier = 'x.carrier_id = k.carrier_id AND';

const everywhere: Pick<
  Conditions,
  'doNotCall' | 'numberBusyWithUs' | 'attemptsUsed' | 'lifetimeCap' | 'dailyCap' | 'carrier'
> = {
  doNotCall: 'NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = l.phone)',
  numberBusyWithUs: 'NOT EXISTS (SELECT 1 FROM dials x WHERE x.phone = l.phone AND x.ended_at_ms IS NULL)',
  attemptsUsed: `(l.attempts < ${setting('attempts')} OR l.call_back_at_ms IS NOT NULL)`,
  lifetimeCap: `(SELECT count(*) ${DIALLED}) < ${setting('caps.lifetime')}`,
  dailyCap: `(SELECT count(*) ${DIALLED} AND coalesce(x.rung_at_ms, x.started_at_ms) > ?3 - ${CAP_WINDOW_MS})
    < min(${setting('caps.per24h')}, ?5)`,
  carrier: 'k.enabled = 1',
};

/** Of a dial that a campaign makes. */
export const byCampaign: Conditions = {
  campaign: `(c.status = 'running' AND c.version = ?4)`,
  lead: `(l.status = 'waiting' AND l.next_attempt_at_ms <= ?3)`,
  ...everywhere,
  slots: `((${LIVE} AND x.campaign_id = c.campaign_id) < ${setting('concurrency')}
    AND (${LIVE}) < d.concurrency AND (${LIVE} AND x.carrier_id = k.carrier_id) < k.concurrency)`,
  pace: `(${inPace('started_at_ms', ofCampaign, setting('callsPerSecond'))}
    AND ${inPace('started_at_ms', '', 'd.calls_per_second')}
    AND ${inPace('started_at_ms', ofCarrier, 'k.calls_per_second')})`,
};

/** Of a dial that a person asks for: whatever the campaign does, its rules and the law hold. */
export const byHand: Conditions = {
  campaign: '(c.version = ?4)',
  lead: `(l.status NOT IN ('dialling', 'doNotCall', 'withdrawn'))`,
  ...everywhere,
  slots: `((${LIVE}) < d.concurrency AND (${LIVE} AND x.carrier_id = k.carrier_id) < k.concurrency)`,
  pace: `(${inPace('started_at_ms', '', 'd.calls_per_second')}
    AND ${inPace('started_at_ms', ofCarrier, 'k.calls_per_second')})`,
};

const ROWS = `FROM leads l JOIN campaigns c ON c.campaign_id = l.campaign_id
  JOIN dial_limits d ON d.one = 1
  LEFT JOIN carriers k ON k.carrier_id = ${setting('carrierId')}
  WHERE l.lead_id = ?2`;

/** One dial, if everything holds; the row that comes back says that it does (DIAL-1). */
export const claimStatement = (conditions: Conditions, campaignId: string): string => `
  INSERT INTO dials (call_id, campaign_id, lead_id, phone, carrier_id, started_at_ms)
  SELECT ?1, ${campaignId}, l.lead_id, l.phone, k.carrier_id, ?3 ${ROWS}
  ${claimRefusals.map((each) => `AND ${conditions[each]}`).join('\n  ')}
  ON CONFLICT DO NOTHING RETURNING call_id`;

/** The first condition that does not hold; null: all of them do. */
export const refusalStatement = (conditions: Conditions): string => `
  SELECT CASE ${claimRefusals.map((each) => `WHEN ${conditions[each]} IS NOT 1 THEN '${each}'`).join('\n  ')} END AS refusal
  ${ROWS}`;
