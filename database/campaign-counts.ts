import type { Outcome } from '../domain/call/fact.ts';
import type { LeadStatus } from '../domain/lead/lead.ts';
import { leadStatuses } from '../domain/lead/lead.ts';

/** How far a campaign has come, counted. */
export interface CampaignCounts {
  readonly leads: Readonly<Record<LeadStatus, number>>;
  /** Of ended dials. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly dials: number;
  readonly live: number;
}

export const noLeads: Readonly<Record<LeadStatus, number>> = Object.fromEntries(
  leadStatuses.map((each) => [each, 0]),
) as Record<LeadStatus, number>;

/** Counts all of it anew: reads an index entry a lead and a row a dial. */
export async function countCampaign(database: D1Database, campaignId: string): Promise<CampaignCounts> {
  const [leads, dials] = await database.batch<{ name: string | null; count: number }>([
    database
      .prepare('SELECT status AS name, count(*) AS count FROM leads WHERE campaign_id = ?1 GROUP BY status')
      .bind(campaignId),
    database
      .prepare('SELECT outcome AS name, count(*) AS count FROM dials WHERE campaign_id = ?1 GROUP BY outcome')
      .bind(campaignId),
  ]);
  const dialled = dials?.results ?? [];
  return {
    leads: {
      ...noLeads,
      ...Object.fromEntries((leads?.results ?? []).map((each) => [each.name, each.count])),
    },
    outcomes: Object.fromEntries(
      dialled.flatMap(({ name, count }) => (name === null ? [] : [[name, count]])),
    ) as Partial<Record<Outcome, number>>,
    dials: dialled.reduce((sum, each) => sum + each.count, 0),
    live: dialled.find((each) => each.name === null)?.count ?? 0,
  };
}

/** One minute of a campaign. */
export interface MinuteOfDials {
  readonly atMs: number;
  readonly dials: number;
  /** Answered by a person. */
  readonly answered: number;
}

export const MINUTE_MS = 60_000;

/** Minutes in which something was dialled since, oldest first. */
export async function recentMinutes(
  database: D1Database,
  campaignId: string,
  sinceMs: number,
): Promise<MinuteOfDials[]> {
  const { results } = await database
    .prepare(
      `SELECT started_at_ms / ${MINUTE_MS} * ${MINUTE_MS} AS atMs, count(*) AS dials,
         sum(answered_at_ms IS NOT NULL AND outcome IS NOT 'voicemail') AS answered
       FROM dials WHERE campaign_id = ?1 AND started_at_ms >= ?2 GROUP BY 1 ORDER BY 1`,
    )
    .bind(campaignId, sinceMs)
    .all<MinuteOfDials>();
  return results;
}
