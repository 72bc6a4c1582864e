import { and, asc, desc, eq, lt, ne, or } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { CallState } from '../domain/call/state.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import { summarise } from '../domain/call/summary.ts';
import { calls } from './schema.ts';

/** D1 binds at most 100 parameters a statement, so rows travel as one JSON text through `json_each`. */
const ROWS_PER_STATEMENT = 250;

/**
 * Writes the call's row and, once it has ended, its words: all in one batch, so that a reader sees a call with all of
 * its transcript or none. An older projection that arrives late changes nothing.
 */
export async function projectCall(database: D1Database, call: CallState): Promise<void> {
  const summary = summarise(call);
  const row = {
    callId: summary.callId,
    profile: summary.profile,
    channel: summary.channel,
    phase: summary.phase,
    outcome: summary.outcome,
    contactName: summary.contactName,
    requestedAtMs: summary.requestedAtMs,
    answeredAtMs: summary.answeredAtMs,
    endedAtMs: summary.endedAtMs,
    utterances: summary.utterances,
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
      ? database.prepare(DELETE_CALL_BACK).bind(summary.callId)
      : database.prepare(INSERT_CALL_BACK).bind(summary.callId, call.callBackPromisedAtMs),
  );
  for (let from = 0; from < words.length; from += ROWS_PER_STATEMENT) {
    const chunk = JSON.stringify(words.slice(from, from + ROWS_PER_STATEMENT));
    statements.push(database.prepare(INSERT_UTTERANCES).bind(summary.callId, chunk));
  }
  await database.batch(statements);
}

const INSERT_UTTERANCES = `
  INSERT OR IGNORE INTO utterances (call_id, seq, utterance_id, speaker, text, started_at_ms, ended_at_ms, interrupted)
  SELECT ?1, value ->> 'seq', value ->> 'utteranceId', value ->> 'speaker', value ->> 'text',
    value ->> 'startedAtMs', value ->> 'endedAtMs', value ->> 'interrupted'
  FROM json_each(?2)`;

const INSERT_CALL_BACK = 'INSERT OR IGNORE INTO call_backs (call_id, promised_at_ms) VALUES (?1, ?2)';
/** Promised, and then an agent came in after all. */
const DELETE_CALL_BACK = 'DELETE FROM call_backs WHERE call_id = ?1 AND settled_at_ms IS NULL';

export interface CallPage {
  readonly calls: readonly CallSummary[];
  readonly nextCursor: string | null;
}

/** Ended calls, newest end first. The cursor is opaque: the last row's end and id. */
export async function endedCalls(
  database: D1Database,
  cursor: { readonly endedAtMs: number; readonly callId: string } | null,
  limit: number,
): Promise<CallPage> {
  const db = drizzle(database);
  const older =
    cursor === null
      ? undefined
      : or(
          lt(calls.endedAtMs, cursor.endedAtMs),
          and(eq(calls.endedAtMs, cursor.endedAtMs), lt(calls.callId, cursor.callId)),
        );
  const rows = await db
    .select({ summary: calls.summary, endedAtMs: calls.endedAtMs, callId: calls.callId })
    .from(calls)
    .where(and(eq(calls.phase, 'ended'), older))
    .orderBy(desc(calls.endedAtMs), desc(calls.callId))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    calls: page.map((row) => JSON.parse(row.summary) as CallSummary),
    nextCursor: rows.length > limit && last ? `${last.endedAtMs}.${last.callId}` : null,
  };
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

/** The cursor as `endedCalls` wrote it, or null for one that it did not. */
export function parseCursor(cursor: string): { endedAtMs: number; callId: string } | null {
  const match = /^(\d{1,15})\.([\w-]{1,128})$/.exec(cursor);
  return match ? { endedAtMs: Number(match[1]), callId: match[2] as string } : null;
}
