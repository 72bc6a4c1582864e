import type * as z from 'zod/mini';
import type { getOverallStats } from '../protocol/api/campaigns.ts';

type OverallStats = z.infer<NonNullable<(typeof getOverallStats)['reply']>>;

const DAY_MS = 86_400_000;

/** All campaigns together. Reads an index entry a lead and a row a dial: for people, not for polling. */
export async function overallStats(database: D1Database, nowMs: number): Promise<OverallStats> {
  const [campaigns, leads, dials, recent] = await database.batch<{
    name: string | null;
    count: number;
    answered: number;
    talkMs: number;
  }>([
    database.prepare('SELECT status AS name, count(*) AS count FROM campaigns GROUP BY status'),
    database.prepare('SELECT status AS name, count(*) AS count FROM leads GROUP BY status'),
    database.prepare(
      `SELECT outcome AS name, count(*) AS count,
         sum(answered_at_ms IS NOT NULL AND outcome <> 'voicemail') AS answered,
         sum(CASE WHEN outcome <> 'voicemail' THEN coalesce(ended_at_ms - answered_at_ms, 0) ELSE 0 END) AS talkMs
       FROM dials GROUP BY outcome`,
    ),
    database
      .prepare('SELECT NULL AS name, count(*) AS count FROM dials WHERE started_at_ms > ?1')
      .bind(nowMs - DAY_MS),
  ]);
  const dialRows = dials?.results ?? [];
  const ended = dialRows.filter((each) => each.name !== null);
  const sum = (rows: readonly { count: number }[]): number => rows.reduce((all, each) => all + each.count, 0);
  const named = (rows: readonly { name: string | null; count: number }[] | undefined, name: string): number =>
    rows?.find((each) => each.name === name)?.count ?? 0;
  const answered = ended.reduce((all, each) => all + each.answered, 0);
  return {
    campaigns: {
      running: named(campaigns?.results, 'running'),
      paused: named(campaigns?.results, 'paused'),
      total: sum(campaigns?.results ?? []),
    },
    leads: {
      total: sum(leads?.results ?? []),
      waiting: named(leads?.results, 'waiting'),
      reached: named(leads?.results, 'reached'),
      doNotCall: named(leads?.results, 'doNotCall'),
    },
    dials: {
      total: sum(dialRows),
      last24h: sum(recent?.results ?? []),
      live: sum(dialRows.filter((each) => each.name === null)),
      answered,
    },
    outcomes: Object.fromEntries(ended.map((each) => [each.name, each.count])),
    answerRate: ended.length === 0 ? null : answered / sum(ended),
    talkMs: ended.reduce((all, each) => all + each.talkMs, 0),
  };
}
