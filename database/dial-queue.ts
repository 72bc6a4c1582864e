import type { Campaign } from '../domain/campaign/campaign.ts';
import type { Lane } from '../domain/campaign/planner.ts';
import { paceOf } from '../domain/campaign/pace.ts';
import type { CarrierKind } from '../domain/dial/order.ts';
import type { NumberHistory } from '../domain/dial/judge.ts';
import type { Lead, LeadStatus } from '../domain/lead/lead.ts';
import { campaignOf } from './campaigns.ts';

/** A campaign, and all that limits how it dials. */
export interface Situation {
  readonly campaign: Campaign;
  /** Null: it is gone or switched off. */
  readonly carrier: CarrierKind | null;
  /** Campaign, workspace, carrier. */
  readonly lanes: readonly Lane[];
  /** When its next waiting lead is due; null when none waits. */
  readonly nextDueAtMs: number | null;
}

type SituationRow = Parameters<typeof campaignOf>[0] & {
  readonly kind: CarrierKind | null;
  readonly enabled: number | null;
  readonly carrierConcurrency: number | null;
  readonly carrierPace: number | null;
  readonly allConcurrency: number;
  readonly allPace: number;
  readonly liveHere: number;
  readonly liveAll: number;
  readonly liveCarrier: number;
  readonly nextDueAtMs: number | null;
};

const SITUATION = `
  SELECT c.*, k.kind, k.enabled, k.concurrency AS carrierConcurrency, k.calls_per_second AS carrierPace,
    d.concurrency AS allConcurrency, d.calls_per_second AS allPace,
    (SELECT count(*) FROM dials x WHERE x.ended_at_ms IS NULL AND x.campaign_id = c.campaign_id) AS liveHere,
    (SELECT count(*) FROM dials x WHERE x.ended_at_ms IS NULL) AS liveAll,
    (SELECT count(*) FROM dials x WHERE x.ended_at_ms IS NULL AND x.carrier_id = k.carrier_id) AS liveCarrier,
    (SELECT l.next_attempt_at_ms FROM leads l WHERE l.campaign_id = c.campaign_id AND l.status = 'waiting'
      ORDER BY l.next_attempt_at_ms LIMIT 1) AS nextDueAtMs
  FROM campaigns c JOIN dial_limits d ON d.one = 1
  LEFT JOIN carriers k ON k.carrier_id = json_extract(c.settings, '$.carrierId')
  WHERE c.campaign_id = ?1`;

/** Null: there is no such campaign. */
export async function situationOf(
  database: D1Database,
  campaignId: string,
  nowMs: number,
): Promise<Situation | null> {
  const row = await database.prepare(SITUATION).bind(campaignId).first<SituationRow>();
  if (row === null) return null;
  const campaign = campaignOf(row);
  const carrier = row.enabled === 1 ? row.kind : null;
  const started = await startsWithin(database, campaign, row, nowMs);
  const lanes: Lane[] = [
    { ...campaign, live: row.liveHere, startedAtMs: started.here },
    {
      concurrency: row.allConcurrency,
      callsPerSecond: row.allPace,
      live: row.liveAll,
      startedAtMs: started.all,
    },
    {
      concurrency: row.carrierConcurrency ?? 0,
      callsPerSecond: row.carrierPace ?? 1,
      live: row.liveCarrier,
      startedAtMs: started.carrier,
    },
  ];
  return { campaign, carrier, lanes, nextDueAtMs: row.nextDueAtMs };
}

/** When the last dials of each lane began: no more of them than its pace counts. */
async function startsWithin(
  database: D1Database,
  campaign: Campaign,
  row: SituationRow,
  nowMs: number,
): Promise<{ here: number[]; all: number[]; carrier: number[] }> {
  const query = (where: string, value: string | null, callsPerSecond: number): D1PreparedStatement => {
    const { calls, withinMs } = paceOf(callsPerSecond);
    return database
      .prepare(
        `SELECT started_at_ms AS atMs FROM dials WHERE ${where} AND started_at_ms > ?2
         ORDER BY started_at_ms DESC LIMIT ?3`,
      )
      .bind(value, nowMs - withinMs, calls);
  };
  const results = await database.batch<{ atMs: number }>([
    query('campaign_id = ?1', campaign.campaignId, campaign.callsPerSecond),
    query('?1 IS NULL', null, row.allPace),
    query('carrier_id = ?1', campaign.carrierId, row.carrierPace ?? 1),
  ]);
  const [here = [], all = [], carrier = []] = results.map((each) => each.results.map(({ atMs }) => atMs));
  return { here, all, carrier };
}

/** A lead with what is known of its number. */
export interface QueuedLead {
  readonly lead: Lead;
  readonly history: NumberHistory;
}

interface LeadRow {
  readonly lead_id: string;
  readonly campaign_id: string;
  readonly phone: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly zone: string | null;
  readonly postal_code: string | null;
  readonly fields: string;
  readonly consent: string | null;
  readonly status: LeadStatus;
  readonly attempts: number;
  readonly next_attempt_at_ms: number;
  readonly call_back_at_ms: number | null;
  readonly last_outcome: string | null;
  readonly last_call_id: string | null;
  readonly created_at_ms: number;
  readonly suppressed: number;
  readonly live: number;
  readonly dialled: string;
}

const WITH_HISTORY = `SELECT l.*,
    EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = l.phone) AS suppressed,
    EXISTS (SELECT 1 FROM dials x WHERE x.phone = l.phone AND x.ended_at_ms IS NULL) AS live,
    (SELECT json_group_array(coalesce(x.rung_at_ms, x.started_at_ms)) FROM dials x
      WHERE x.phone = l.phone AND (x.ended_at_ms IS NULL OR x.rung_at_ms IS NOT NULL)) AS dialled
  FROM leads l`;

const queuedOf = (row: LeadRow): QueuedLead => ({
  lead: {
    leadId: row.lead_id,
    campaignId: row.campaign_id,
    phone: row.phone,
    name: row.name,
    email: row.email,
    zone: row.zone,
    postalCode: row.postal_code,
    fields: JSON.parse(row.fields) as Record<string, string>,
    consent: row.consent,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAtMs: row.next_attempt_at_ms,
    callBackAtMs: row.call_back_at_ms,
    lastOutcome: row.last_outcome,
    lastCallId: row.last_call_id,
    createdAtMs: row.created_at_ms,
  },
  history: {
    suppressed: row.suppressed === 1,
    live: row.live === 1,
    dialledAtMs: JSON.parse(row.dialled) as number[],
  },
});

/** Waiting leads in the order in which they are due. `untilMs`: not due later; null: whenever. */
export async function queuedLeads(
  database: D1Database,
  campaignId: string,
  untilMs: number | null,
  limit: number,
): Promise<QueuedLead[]> {
  const { results } = await database
    .prepare(
      `${WITH_HISTORY} WHERE l.campaign_id = ?1 AND l.status = 'waiting' AND l.next_attempt_at_ms <= ?2
       ORDER BY l.next_attempt_at_ms LIMIT ?3`,
    )
    .bind(campaignId, untilMs ?? Number.MAX_SAFE_INTEGER, limit)
    .all<LeadRow>();
  return results.map(queuedOf);
}

export async function queuedLead(database: D1Database, leadId: string): Promise<QueuedLead | null> {
  const row = await database.prepare(`${WITH_HISTORY} WHERE l.lead_id = ?1`).bind(leadId).first<LeadRow>();
  return row === null ? null : queuedOf(row);
}

/** A lead that was not allowed: to be looked at again, or at its end. */
export interface PutOff {
  readonly leadId: string;
  readonly status: LeadStatus;
  readonly nextAttemptAtMs: number;
  /** Why it is at its end; null while it waits. */
  readonly outcome: string | null;
}

/** Only those still waiting and due: whatever was changed meanwhile stays. @returns what became of each that was put off */
export async function putOff(
  database: D1Database,
  leads: readonly PutOff[],
  nowMs: number,
): Promise<LeadStatus[]> {
  if (leads.length === 0) return [];
  const { results } = await database
    .prepare(
      `UPDATE leads SET status = json_extract(j.value, '$.status'),
         next_attempt_at_ms = json_extract(j.value, '$.nextAttemptAtMs'),
         last_outcome = coalesce(json_extract(j.value, '$.outcome'), last_outcome)
       FROM json_each(?1) AS j
       WHERE leads.lead_id = json_extract(j.value, '$.leadId') AND leads.status = 'waiting'
         AND leads.next_attempt_at_ms <= ?2
       RETURNING status`,
    )
    .bind(JSON.stringify(leads), nowMs)
    .all<{ status: LeadStatus }>();
  return results.map((row) => row.status);
}
