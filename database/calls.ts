import { and, asc, eq, lt, ne } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { CallState, Utterance } from '../domain/call/state.ts';
import { summarise } from '../domain/call/summary.ts';
import { costOf } from '../domain/cost/cost.ts';
import { forgetTraces } from './call-removal.ts';
import { readPrices } from './prices.ts';
import { resultStatements } from './results.ts';
import { calls, transcripts } from './schema/calls.ts';

/** Ten minutes of talk are four pages. D1 takes 2 MB a row, and the protocol 8,000 characters an utterance. */
const UTTERANCES_A_PAGE = 50;

/**
 * Writes the call's row and, once it has ended, its words: all in one batch, so that a reader sees a call with all of
 * its transcript or none. An older projection that arrives late changes nothing.
 */
export async function projectCall(database: D1Database, call: CallState): Promise<void> {
  const summary = summarise(call);
  const cost = call.end === null ? null : costOf(call, await readPrices(database), call.end.atMs);
  const row = {
    callId: summary.callId,
    profile: summary.profile,
    channel: summary.channel,
    phase: summary.phase,
    outcome: summary.outcome,
    contactName: summary.contactName,
    contactKey: summary.contactName === null ? null : contactKeyOf(summary.contactName),
    campaignId: summary.lead?.campaignId ?? null,
    leadId: summary.lead?.leadId ?? null,
    phone: summary.phone?.number ?? null,
    wordsErased: call.erased?.words === true,
    contactErased: call.erased?.contact === true,
    requestedAtMs: summary.requestedAtMs,
    answeredAtMs: summary.answeredAtMs,
    endedAtMs: summary.endedAtMs,
    utterances: summary.utterances,
    costMicros: cost?.total ?? null,
    turnMs: call.end === null ? null : JSON.stringify(call.turns.map(({ totalMs }) => Math.round(totalMs))),
    head: summary.head,
    summary: JSON.stringify(summary),
  };
  const upsert = drizzle(database)
    .insert(calls)
    .values(row)
    .onConflictDoUpdate({ target: calls.callId, set: row, setWhere: lt(calls.head, summary.head) })
    .toSQL();
  const words = call.phase === 'ended' ? call.transcript : [];
  const statements = [database.prepare(upsert.sql).bind(...upsert.params)];
  statements.push(
    call.callBackPromisedAtMs === null
      ? database.prepare(DELETE_CALL_BACK).bind(summary.callId, summary.head)
      : database.prepare(INSERT_CALL_BACK).bind(summary.callId, call.callBackPromisedAtMs, summary.head),
  );
  for (let page = 0; page * UTTERANCES_A_PAGE < words.length; page++) {
    const from = page * UTTERANCES_A_PAGE;
    const utterances = JSON.stringify(words.slice(from, from + UTTERANCES_A_PAGE));
    statements.push(database.prepare(WRITE_PAGE).bind(summary.callId, page, utterances, summary.head));
  }
  if (call.phase === 'ended') {
    const said = call.erased?.words === true ? '' : words.map((each) => each.text).join('\n');
    statements.push(database.prepare(FORGET_WORDS).bind(summary.callId, summary.head));
    if (said !== '') statements.push(database.prepare(INDEX_WORDS).bind(summary.callId, summary.head, said));
  }
  statements.push(...resultStatements(database, call));
  if (call.erased?.words === true) statements.push(...forgetTraces(database, summary.callId));
  await database.batch(statements);
}

/** A name as it is compared with another: in any letter case and form, however it is spaced. */
export const contactKeyOf = (name: string): string =>
  name.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');

/** Only as long as the call's row is this projection's: an older one that arrives late changes nothing. */
const WRITE_PAGE = `
  INSERT INTO transcripts (call_id, page, utterances)
  SELECT ?1, ?2, ?3 WHERE (SELECT head FROM calls WHERE call_id = ?1) = ?4
  ON CONFLICT (call_id, page) DO UPDATE SET utterances = excluded.utterances
  WHERE utterances <> excluded.utterances`;

const FORGET_WORDS = `
  DELETE FROM call_words WHERE rowid = (SELECT rowid FROM calls WHERE call_id = ?1 AND head = ?2)`;
const INDEX_WORDS = `
  INSERT INTO call_words (rowid, words) SELECT rowid, ?3 FROM calls WHERE call_id = ?1 AND head = ?2`;

/** What is settled stays settled, whatever is projected again (PRIVACY-12). */
const INSERT_CALL_BACK = `
  INSERT OR IGNORE INTO call_backs (call_id, promised_at_ms)
  SELECT ?1, ?2 WHERE (SELECT head FROM calls WHERE call_id = ?1) = ?3`;
/** Promised, and then an agent came in after all. */
const DELETE_CALL_BACK = `
  DELETE FROM call_backs WHERE call_id = ?1 AND settled_at_ms IS NULL
    AND (SELECT head FROM calls WHERE call_id = ?1) = ?2`;

/** What was said in a call that has ended, in speaking order. */
export async function transcriptOf(database: D1Database, callId: string): Promise<Utterance[]> {
  const pages = await drizzle(database)
    .select({ utterances: transcripts.utterances })
    .from(transcripts)
    .where(eq(transcripts.callId, callId))
    .orderBy(asc(transcripts.page));
  return pages.flatMap((page) => JSON.parse(page.utterances) as Utterance[]);
}

/** Calls requested before `beforeMs` whose end was never projected, oldest first. */
export async function callsNotEnded(
  database: D1Database,
  beforeMs: number,
  limit: number,
): Promise<string[]> {
  const rows = await drizzle(database)
    .select({ callId: calls.callId })
    .from(calls)
    .where(and(ne(calls.phase, 'ended'), lt(calls.requestedAtMs, beforeMs)))
    .orderBy(asc(calls.requestedAtMs))
    .limit(limit);
  return rows.map((row) => row.callId);
}
