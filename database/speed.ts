const CALLS = 2_000;
const WEEK_MS = 7 * 86_400_000;

export interface MeasuredCall {
  readonly profile: string;
  readonly turnMs: readonly number[];
  readonly costMicros: number;
}

/** The last calls that ended within a week, newest first. */
export async function measuredCalls(database: D1Database, nowMs: number): Promise<MeasuredCall[]> {
  const { results } = await database
    .prepare(
      `SELECT profile, turn_ms AS turnMs, cost_micros AS costMicros FROM calls
       WHERE phase = 'ended' AND ended_at_ms > ?1 ORDER BY ended_at_ms DESC, call_id DESC LIMIT ${CALLS}`,
    )
    .bind(nowMs - WEEK_MS)
    .all<{ profile: string; turnMs: string | null; costMicros: number | null }>();
  return results.map(({ profile, turnMs, costMicros }) => ({
    profile,
    turnMs: turnMs === null ? [] : (JSON.parse(turnMs) as number[]),
    costMicros: costMicros ?? 0,
  }));
}
