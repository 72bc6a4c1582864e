import type { CampaignSettings, CampaignStatus } from '../domain/campaign/campaign.ts';
import { inPace } from './dial-conditions.ts';

/** What is known of a dial that is about to ring. */
export interface AboutToRing {
  /** Its slot is still taken. */
  readonly live: boolean;
  readonly suppressed: boolean;
  /** Null: by hand. */
  readonly campaign: CampaignStatus | null;
  readonly lead: { readonly phone: string; readonly zone: string | null; readonly postalCode: string | null };
  readonly windows: CampaignSettings['windows'];
  /** Of the campaign, as it was read. */
  readonly version: number;
}

interface Row {
  readonly live: number;
  readonly suppressed: number;
  readonly campaignId: string | null;
  readonly status: CampaignStatus;
  readonly settings: string;
  readonly version: number;
  readonly phone: string;
  readonly zone: string | null;
  readonly postalCode: string | null;
}

/** Null: there is no such dial, or its lead is gone. */
export async function aboutToRing(database: D1Database, callId: string): Promise<AboutToRing | null> {
  const row = await database
    .prepare(
      `SELECT x.ended_at_ms IS NULL AS live, x.campaign_id AS campaignId, x.phone, l.zone,
         l.postal_code AS postalCode, c.status, c.settings, c.version,
         EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = x.phone) AS suppressed
       FROM dials x JOIN leads l ON l.lead_id = x.lead_id JOIN campaigns c ON c.campaign_id = l.campaign_id
       WHERE x.call_id = ?1`,
    )
    .bind(callId)
    .first<Row>();
  if (row === null) return null;
  const { windows } = JSON.parse(row.settings) as CampaignSettings;
  const { phone, zone, postalCode } = row;
  return {
    live: row.live === 1,
    suppressed: row.suppressed === 1,
    campaign: row.campaignId === null ? null : row.status,
    lead: { phone, zone, postalCode },
    windows,
    version: row.version,
  };
}

/** By the index of rings, of which few are recent; a plus keeps SQLite from walking all dials of the campaign. */
const ofCampaign = '+x.campaign_id = c.campaign_id AND';
const ofCarrier = '+x.carrier_id = k.carrier_id AND';
const PACE = `(dials.campaign_id IS NULL OR ${inPace('rung_at_ms', ofCampaign, `json_extract(c.settings, '$.callsPerSecond')`)})
  AND ${inPace('rung_at_ms', '', 'd.calls_per_second')} AND ${inPace('rung_at_ms', ofCarrier, 'k.calls_per_second')}`;

/**
 * Lets it ring, if nothing has come between and the pace allows it: one statement, so that no two calls take the same
 * moment, no number rings that was put on the do-not-call list, and none by hours or a place that were changed since
 * they were looked at (DIAL-9). A repeat is a new moment.
 * @returns whether it may
 */
export async function letRing(
  database: D1Database,
  callId: string,
  { version, lead }: AboutToRing,
  nowMs: number,
): Promise<boolean> {
  const row = await database
    .prepare(
      `UPDATE dials SET rung_at_ms = ?3 WHERE call_id = ?1 AND ended_at_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = dials.phone)
         AND EXISTS (SELECT 1 FROM leads l JOIN campaigns c ON c.campaign_id = l.campaign_id
           WHERE l.lead_id = dials.lead_id AND c.version = ?4 AND l.zone IS ?5 AND l.postal_code IS ?6)
         AND (campaign_id IS NULL OR EXISTS
           (SELECT 1 FROM campaigns c WHERE c.campaign_id = dials.campaign_id AND c.status = 'running'))
         AND EXISTS (SELECT 1 FROM dial_limits d JOIN carriers k ON k.carrier_id = dials.carrier_id
           LEFT JOIN campaigns c ON c.campaign_id = dials.campaign_id
           WHERE d.one = 1 AND ${PACE})
       RETURNING call_id`,
    )
    .bind(callId, null, nowMs, version, lead.zone, lead.postalCode)
    .first();
  return row !== null;
}
