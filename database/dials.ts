import type { Settlement } from '../domain/dial/settlement.ts';
import type { Outcome } from '../domain/call/fact.ts';
import { followUp } from '../domain/campaign/follow-up.ts';
import type { CampaignSettings } from '../domain/campaign/campaign.ts';
import type { LeadStatus } from '../domain/lead/lead.ts';
import type { ClaimRefusal } from './dial-conditions.ts';
import { byCampaign, byHand, claimStatement, refusalStatement } from './dial-conditions.ts';

export interface Claim {
  readonly callId: string;
  readonly leadId: string;
  /** The campaign's, by which it was judged. */
  readonly version: number;
  /** The strictest of law and campaign, in 24 hours. */
  readonly per24h: number;
}
export type Claimed = 'claimed' | ClaimRefusal;

const statements = {
  campaign: { claim: claimStatement(byCampaign, 'c.campaign_id'), refusal: refusalStatement(byCampaign) },
  hand: { claim: claimStatement(byHand, 'NULL'), refusal: refusalStatement(byHand) },
};

/** A repeat of the claim, however late, finds `last_call_id` and changes nothing. */
const TAKE_LEAD = `
  UPDATE leads SET status = 'dialling', attempts = attempts + 1, last_call_id = ?1
  WHERE lead_id = ?2 AND status <> 'dialling' AND last_call_id IS NOT ?1
    AND EXISTS (SELECT 1 FROM dials WHERE call_id = ?1 AND ended_at_ms IS NULL)`;

/**
 * Takes a slot, the number and the lead for each call, if every condition holds at that moment: one statement a dial, all
 * in one transaction, each seeing those before it (DIAL-1). What was refused is told by which condition.
 * @throws Error when D1 failed: what was claimed is not known then, `claimsFound` tells
 */
export async function claimDials(
  database: D1Database,
  claims: readonly Claim[],
  by: keyof typeof statements,
  nowMs: number,
): Promise<ReadonlyMap<string, Claimed>> {
  const { claim, refusal } = statements[by];
  const batch = claims.flatMap(({ callId, leadId, version, per24h }) => [
    database.prepare(claim).bind(callId, leadId, nowMs, version, per24h),
    database.prepare(TAKE_LEAD).bind(callId, leadId),
  ]);
  const results = await database.batch(batch);
  const answers = new Map<string, Claimed>();
  const refused = claims.filter(({ callId }, index) => {
    const claimed = (results[index * 2]?.results.length ?? 0) > 0;
    if (claimed) answers.set(callId, 'claimed');
    return !claimed;
  });
  if (refused.length === 0) return answers;
  const why = await database.batch<{ refusal: ClaimRefusal | null }>(
    refused.map(({ callId, leadId, version, per24h }) =>
      database.prepare(refusal).bind(callId, leadId, nowMs, version, per24h),
    ),
  );
  // What refused it may be over by now; a lead that is gone has no row.
  for (const [index, { callId }] of refused.entries())
    answers.set(callId, why[index]?.results[0]?.refusal ?? 'lead');
  return answers;
}

/** Which of these were claimed, and whether they have ended. Those that were not are left out. */
export async function claimsFound(
  database: D1Database,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, 'live' | 'ended'>> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId, ended_at_ms AS endedAtMs FROM dials
       WHERE call_id IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(callIds))
    .all<{ callId: string; endedAtMs: number | null }>();
  return new Map(results.map((row) => [row.callId, row.endedAtMs === null ? 'live' : 'ended']));
}

/** Live dials of a campaign (null: by hand), for a dialer that remembers nothing. */
export async function liveDials(
  database: D1Database,
  campaignId: string | null,
): Promise<{ callId: string; leadId: string; startedAtMs: number }[]> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId, lead_id AS leadId, started_at_ms AS startedAtMs FROM dials
       WHERE campaign_id IS ?1 AND ended_at_ms IS NULL`,
    )
    .bind(campaignId)
    .all<{ callId: string; leadId: string; startedAtMs: number }>();
  return results;
}

/** What settling did. Told again, it does nothing. */
export interface Settled {
  /** The slot was taken until now. */
  readonly freed: boolean;
  /** What became of the lead; null: nothing new. */
  readonly lead: LeadStatus | null;
  /** A wish heard late changed a lead that was settled before. */
  readonly late: boolean;
  /** It was let ring after all: nothing was changed. */
  readonly letRing: boolean;
}

interface LeadBefore {
  readonly attempts: number;
  readonly callBackAtMs: number | null;
  readonly settings: string;
}

/** What is suppressed by then is never called again, whatever the call's outcome says. */
const GIVE_OUTCOME = `
  UPDATE leads SET
    status = CASE WHEN EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = leads.phone) THEN 'doNotCall' ELSE ?3 END,
    next_attempt_at_ms = ?4, call_back_at_ms = ?5, attempts = attempts - ?6, last_outcome = ?7
  WHERE lead_id = ?2 AND status = 'dialling' AND last_call_id = ?1
    AND (?8 = 0 OR NOT EXISTS (SELECT 1 FROM dials d WHERE d.call_id = ?1 AND d.rung_at_ms IS NOT NULL))
  RETURNING status`;
const FREE_SLOT = `
  UPDATE dials SET ended_at_ms = max(?2, started_at_ms), outcome = ?3, answered_at_ms = ?4,
    rung_at_ms = CASE WHEN ?5 THEN coalesce(rung_at_ms, started_at_ms) END
  WHERE call_id = ?1 AND ended_at_ms IS NULL AND (?6 = 0 OR rung_at_ms IS NULL) RETURNING call_id`;
const STILL_LIVE = 'SELECT 1 FROM dials WHERE call_id = ?1 AND ended_at_ms IS NULL';
const LATE_DO_NOT_CALL = `
  UPDATE leads SET status = 'doNotCall', call_back_at_ms = NULL
  WHERE lead_id = ?1 AND status IN ('waiting', 'reached', 'exhausted') RETURNING status`;
/** Only while nobody was dialled since: a call back that was honoured is not asked for again. */
const LATE_CALL_BACK = `
  UPDATE leads SET status = 'waiting', next_attempt_at_ms = ?3, call_back_at_ms = ?3
  WHERE lead_id = ?1 AND status IN ('waiting', 'reached', 'exhausted') AND call_back_at_ms IS NOT ?3
    AND NOT EXISTS (SELECT 1 FROM dials WHERE lead_id = ?1 AND started_at_ms > ?2)
    AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.phone = leads.phone) RETURNING status`;

/** Frees the slot once and gives the lead its outcome once, however often it is told (DIAL-5). */
export async function settleDial(database: D1Database, end: Settlement): Promise<Settled> {
  const before =
    end.leadId === null
      ? null
      : await database
          .prepare(
            `SELECT l.attempts, l.call_back_at_ms AS callBackAtMs, c.settings
             FROM leads l JOIN campaigns c ON c.campaign_id = l.campaign_id WHERE l.lead_id = ?1`,
          )
          .bind(end.leadId)
          .first<LeadBefore>();
  const guarded = end.unlessLetRing === true ? 1 : 0;
  const free = database
    .prepare(FREE_SLOT)
    .bind(end.callId, end.endedAtMs, end.outcome, end.answeredAtMs, end.rung ? 1 : 0, guarded);
  const look = end.unlessLetRing === true ? [database.prepare(STILL_LIVE).bind(end.callId)] : [];
  if (before === null) {
    const [freed, live] = await database.batch([free, ...look]);
    return {
      freed: (freed?.results.length ?? 0) > 0,
      lead: null,
      late: false,
      letRing: (live?.results.length ?? 0) > 0,
    };
  }
  const next = followUp(end, before, JSON.parse(before.settings) as CampaignSettings);
  const give = database
    .prepare(GIVE_OUTCOME)
    .bind(
      end.callId,
      end.leadId,
      next.status,
      next.nextAttemptAtMs,
      next.callBackAtMs,
      next.attemptGivenBack ? 1 : 0,
      end.outcome,
      guarded,
    );
  // Whoever was never there wished nothing: of the two there is one at most.
  const last = end.unlessLetRing === true ? look : wishOf(database, end);
  const [given, freed, found] = await database.batch<{ status: LeadStatus }>([give, free, ...last]);
  const isFound = (found?.results.length ?? 0) > 0;
  return {
    freed: (freed?.results.length ?? 0) > 0,
    lead: given?.results[0]?.status ?? null,
    late: isFound && end.unlessLetRing !== true,
    letRing: isFound && end.unlessLetRing === true,
  };
}

function wishOf(database: D1Database, end: Settlement): D1PreparedStatement[] {
  if (end.doNotCall) return [database.prepare(LATE_DO_NOT_CALL).bind(end.leadId)];
  if (end.callBackForAtMs === null) return [];
  return [database.prepare(LATE_CALL_BACK).bind(end.leadId, end.endedAtMs, end.callBackForAtMs)];
}

/** Outcomes of the last dials that a person answered, newest first: for the abandon brake. */
export async function lastAnswered(
  database: D1Database,
  campaignId: string,
  sinceMs: number,
  limit: number,
): Promise<Outcome[]> {
  const { results } = await database
    .prepare(
      `SELECT outcome FROM dials WHERE campaign_id = ?1 AND started_at_ms > ?2
         AND answered_at_ms IS NOT NULL AND ended_at_ms IS NOT NULL AND outcome <> 'voicemail'
       ORDER BY started_at_ms DESC LIMIT ?3`,
    )
    .bind(campaignId, sinceMs, limit)
    .all<{ outcome: Outcome }>();
  return results.map((row) => row.outcome);
}
