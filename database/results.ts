import * as z from 'zod/mini';
import type { CallState } from '../domain/call/state.ts';
import { judgeByRules } from '../domain/result/by-rules.ts';
import { conversationOf } from '../domain/result/conversation.ts';
import type { CallResult, Correction, Disposition, Interest, ResultBrief } from '../domain/result/result.ts';
import { CallResultSchema, CorrectionSchema } from '../protocol/result.ts';

/** A model that was not heard of by then is asked again by the sweep. */
const OWED_AFTER_MS = 60_000;
/** With doubling pauses: more than two days. */
const MAX_TRIES = 12;

export interface StoredResult {
  readonly result: CallResult;
  readonly wordsSeq: number;
  readonly judgedAtMs: number;
  readonly correction: {
    readonly correction: Correction;
    readonly byName: string;
    readonly atMs: number;
  } | null;
}

interface Row {
  readonly result: string;
  readonly wordsSeq: number;
  readonly judgedAtMs: number;
  readonly correction: string | null;
  readonly correctedByName: string | null;
  readonly correctedAtMs: number | null;
}

/** Columns of `call_results` that are joined to something else: null where there is none. */
export interface BriefRow {
  readonly disposition: Disposition | null;
  readonly interest: Interest | null;
}

export const briefOf = ({ disposition, interest }: BriefRow): ResultBrief | null =>
  disposition === null || interest === null ? null : { disposition, interest };

/** Number of the last words in the ledger; 0 where nothing was said. */
export const wordsSeqOf = ({ transcript }: CallState): number =>
  transcript.reduce((newest, { seq }) => Math.max(newest, seq), 0);

/** What belongs to the projection of a call that ended: its result by rules, or that there is none any more (RESULT-1). */
export function resultStatements(database: D1Database, call: CallState): D1PreparedStatement[] {
  if (call.end === null) return [];
  const { callId } = call.request;
  if (call.erased?.words === true)
    return [
      database
        .prepare(`DELETE FROM call_results WHERE call_id = ?1 AND ${PROJECTED}`)
        .bind(callId, call.head),
    ];
  const result = judgeByRules(conversationOf(call));
  return [
    database
      .prepare(
        `INSERT INTO call_results (call_id, words_seq, source, disposition, interest, result, judged_at_ms, next_try_at_ms)
         SELECT ?1, ?3, 'rules', ?4, ?5, ?6, ?7, ?8 WHERE ${PROJECTED}
         ON CONFLICT (call_id) DO UPDATE SET words_seq = excluded.words_seq, source = 'rules', result = excluded.result,
           disposition = iif(correction ->> '$.disposition' IS NULL, excluded.disposition, disposition),
           interest = iif(correction ->> '$.interest' IS NULL, excluded.interest, interest),
           judged_at_ms = excluded.judged_at_ms, tries = 0, next_try_at_ms = excluded.next_try_at_ms
         WHERE excluded.words_seq > words_seq`,
      )
      .bind(
        callId,
        call.head,
        wordsSeqOf(call),
        result.disposition,
        result.interest.level,
        JSON.stringify(result),
        call.lastEventAtMs,
        isForModel(call) ? call.lastEventAtMs + OWED_AFTER_MS : null,
      ),
  ];
}

/** Somebody was there and said something: else there is nothing to read. */
export const isForModel = (call: CallState): boolean =>
  call.answeredAtMs !== null && call.transcript.some(({ speaker }) => speaker === 'customer');

/** The row is of this projection: what an older one says comes too late. */
const PROJECTED = `(SELECT head FROM calls WHERE call_id = ?1) = ?2`;

/** Replaces the judgement of the same words, unless they were erased meanwhile. What a person put right stays. */
export async function writeModelResult(
  database: D1Database,
  callId: string,
  wordsSeq: number,
  result: CallResult,
  nowMs: number,
): Promise<void> {
  await database
    .prepare(
      `UPDATE call_results SET source = 'model', result = ?3, judged_at_ms = ?4, next_try_at_ms = NULL,
         disposition = iif(correction ->> '$.disposition' IS NULL, ?5, disposition),
         interest = iif(correction ->> '$.interest' IS NULL, ?6, interest)
       WHERE call_id = ?1 AND words_seq = ?2`,
    )
    .bind(callId, wordsSeq, JSON.stringify(result), nowMs, result.disposition, result.interest.level)
    .run();
}

export async function resultOf(database: D1Database, callId: string): Promise<StoredResult | null> {
  const row = await database
    .prepare(
      `SELECT result, words_seq AS wordsSeq, judged_at_ms AS judgedAtMs, correction,
         corrected_by_name AS correctedByName, corrected_at_ms AS correctedAtMs
       FROM call_results WHERE call_id = ?1`,
    )
    .bind(callId)
    .first<Row>();
  if (row === null) return null;
  const { correction, correctedByName, correctedAtMs } = row;
  return {
    result: z.parse(CallResultSchema, JSON.parse(row.result)),
    wordsSeq: row.wordsSeq,
    judgedAtMs: row.judgedAtMs,
    correction:
      correction === null
        ? null
        : {
            correction: z.parse(CorrectionSchema, JSON.parse(correction)),
            byName: correctedByName ?? '',
            atMs: correctedAtMs ?? 0,
          },
  };
}

/** @returns false where there is nothing to correct */
export async function correctResult(
  database: D1Database,
  callId: string,
  correction: Correction,
  by: { readonly name: string; readonly atMs: number },
  audit: D1PreparedStatement,
): Promise<boolean> {
  if ((await resultOf(database, callId)) === null) return false;
  await database.batch([
    database
      .prepare(
        `UPDATE call_results SET correction = ?2, corrected_by_name = ?3, corrected_at_ms = ?4,
           disposition = coalesce(?5, result ->> '$.disposition'),
           interest = coalesce(?6, result ->> '$.interest.level')
         WHERE call_id = ?1`,
      )
      .bind(
        callId,
        JSON.stringify(correction),
        by.name,
        by.atMs,
        correction.disposition ?? null,
        correction.interest ?? null,
      ),
    audit,
  ]);
  return true;
}

/** A model could not be had: it is asked again later, each time twice as much later, and given up after `MAX_TRIES`. */
export async function noteModelFailed(
  database: D1Database,
  callId: string,
  wordsSeq: number,
  nowMs: number,
): Promise<void> {
  await database
    .prepare(
      `UPDATE call_results SET tries = tries + 1,
         next_try_at_ms = iif(tries + 1 >= ${MAX_TRIES}, NULL, ?3 + (${OWED_AFTER_MS} << tries))
       WHERE call_id = ?1 AND words_seq = ?2 AND source = 'rules'`,
    )
    .bind(callId, wordsSeq, nowMs)
    .run();
}

/** Calls that a model is to read now, longest waiting first. */
export async function resultsOwed(database: D1Database, nowMs: number, limit: number): Promise<string[]> {
  const { results } = await database
    .prepare(
      `SELECT call_id AS callId FROM call_results WHERE next_try_at_ms <= ?1 ORDER BY next_try_at_ms LIMIT ?2`,
    )
    .bind(nowMs, limit)
    .all<{ callId: string }>();
  return results.map(({ callId }) => callId);
}

/** How many of a campaign's calls in which somebody spoke showed how much interest, as people see it. */
export async function interestIn(
  database: D1Database,
  campaignId: string,
): Promise<Readonly<Record<Interest, number>>> {
  const { results } = await database
    .prepare(
      `SELECT r.interest, count(*) AS calls FROM calls c JOIN call_results r ON r.call_id = c.call_id
       WHERE c.campaign_id = ?1 AND r.disposition NOT IN ('notReached', 'voicemail') GROUP BY r.interest`,
    )
    .bind(campaignId)
    .all<{ interest: Interest; calls: number }>();
  const none = { none: 0, low: 0, medium: 0, high: 0 };
  return Object.fromEntries([
    ...Object.entries(none),
    ...results.map((row) => [row.interest, row.calls]),
  ]) as typeof none;
}
