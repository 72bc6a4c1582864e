import type { Channel, Outcome } from '../domain/call/fact.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import type { Disposition, Interest, ResultBrief } from '../domain/result/result.ts';
import { contactKeyOf } from './calls.ts';
import { cutPage } from './page.ts';
import type { BriefRow } from './results.ts';
import { briefOf } from './results.ts';

/** What a reader of history looks for: all of it holds. Times are epoch ms, durations ms from request to end. */
export interface HistoryFilter {
  readonly profile?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly channel?: Channel | undefined;
  /** As people see them: put right, where somebody has. */
  readonly interest?: Interest | undefined;
  readonly disposition?: Disposition | undefined;
  readonly campaignId?: string | undefined;
  readonly leadId?: string | undefined;
  /** By when it ended: inclusive, exclusive. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly minMs?: number | undefined;
  readonly maxMs?: number | undefined;
  /** E.164, whole. */
  readonly number?: string | undefined;
  /** The beginning of a contact's name. */
  readonly name?: string | undefined;
  /** Words that were said, in any order; the last may be a beginning. */
  readonly text?: string | undefined;
}

export interface HistoryPage {
  readonly calls: readonly CallSummary[];
  /** By call: where the words that were looked for stand. */
  readonly excerpts: Readonly<Record<string, string>>;
  /** By call: what it came to. */
  readonly results: Readonly<Record<string, ResultBrief>>;
  readonly nextCursor: string | null;
}

interface Row extends BriefRow {
  readonly callId: string;
  readonly endedAtMs: number;
  readonly place: number;
  readonly summary: string;
  readonly excerpt: string | null;
}

/**
 * Ended calls that a filter lets through. Without words, the newest end first, from before a place by end and id. With words,
 * the newest request first, in the order in which the index holds them, so that a page of a common word costs no more than
 * one of a rare word; its cursor is a number.
 */
export async function historyPage(
  database: D1Database,
  filter: HistoryFilter,
  cursor: { readonly atMs: number; readonly callId: string } | number | null,
  limit: number,
): Promise<HistoryPage> {
  const match = matchOf(filter.text ?? '');
  const conditions = conditionsOf(filter);
  const given = conditions.map(([, value]) => value);
  const where = conditions.map(([sql]) => ` AND ${sql}`).join('');
  const columns = `c.call_id AS callId, c.ended_at_ms AS endedAtMs, c.rowid AS place, c.summary, r.disposition, r.interest`;
  const statement =
    match === null
      ? database
          .prepare(
            `SELECT ${columns}, NULL AS excerpt FROM calls c ${byName(filter)} ${RESULT} WHERE c.phase = 'ended'${where}
               AND (c.ended_at_ms, c.call_id) < (?, ?) ORDER BY c.ended_at_ms DESC, c.call_id DESC LIMIT ?`,
          )
          .bind(...given, ...placeOf(cursor), limit + 1)
      : database
          .prepare(
            `SELECT ${columns}, snippet(call_words, 0, '', '', '…', 16) AS excerpt
             FROM call_words CROSS JOIN calls c ON c.rowid = call_words.rowid ${RESULT}
             WHERE call_words MATCH ? AND call_words.rowid < ? AND c.phase = 'ended'${where}
             ORDER BY call_words.rowid DESC LIMIT ?`,
          )
          .bind(match, typeof cursor === 'number' ? cursor : Number.MAX_SAFE_INTEGER, ...given, limit + 1);
  const { results } = await statement.all<Row>();
  const { page, nextCursor } = cutPage(results, limit, (last) =>
    match === null ? `${last.endedAtMs}.${last.callId}` : String(last.place),
  );
  return {
    calls: page.map((row) => JSON.parse(row.summary) as CallSummary),
    excerpts: Object.fromEntries(
      page.flatMap(({ callId, excerpt }) => (excerpt === null ? [] : [[callId, excerpt]])),
    ),
    results: Object.fromEntries(
      page.flatMap((row) => {
        const result = briefOf(row);
        return result === null ? [] : [[row.callId, result]];
      }),
    ),
    nextCursor,
  };
}

/** One row by its key for each call that is looked at: whatever is asked of results, the calls keep their order. */
const RESULT = 'LEFT JOIN call_results r ON r.call_id = c.call_id';

/** The order asked for would have the planner walk all calls; few have a name. */
const byName = ({ name = '' }: HistoryFilter): string =>
  contactKeyOf(name) === '' ? '' : 'INDEXED BY calls_of_name';

const placeOf = (cursor: { atMs: number; callId: string } | number | null): [number, string] =>
  cursor === null || typeof cursor === 'number'
    ? [Number.MAX_SAFE_INTEGER, '']
    : [cursor.atMs, cursor.callId];

function conditionsOf(filter: HistoryFilter): [sql: string, value: string | number][] {
  const all: [string, string | number | undefined][] = [
    ['c.profile = ?', filter.profile],
    ['c.outcome = ?', filter.outcome],
    ['c.channel = ?', filter.channel],
    ['r.interest = ?', filter.interest],
    ['r.disposition = ?', filter.disposition],
    ['c.campaign_id = ?', filter.campaignId],
    ['c.lead_id = ?', filter.leadId],
    ['c.ended_at_ms >= ?', filter.fromMs],
    ['c.ended_at_ms < ?', filter.toMs],
    ['c.ended_at_ms - c.requested_at_ms >= ?', filter.minMs],
    ['c.ended_at_ms - c.requested_at_ms <= ?', filter.maxMs],
    ['c.phone = ?', filter.number],
  ];
  const given = all.filter((each): each is [string, string | number] => each[1] !== undefined);
  const name = filter.name === undefined ? '' : contactKeyOf(filter.name);
  if (name === '') return given;
  // As a range, so that the index is used: every text that begins so lies between.
  return [...given, ['c.contact_key >= ?', name], ['c.contact_key < ?', `${name}\u{10ffff}`]];
}

/**
 * What people type as an FTS5 query: each word quoted, so that nothing in it is an operator; all must occur; the last is a
 * beginning unless a space follows it. Null where there is no word.
 */
export function matchOf(text: string): string | null {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return null;
  const open = /[\p{L}\p{N}]$/u.test(text);
  return words.map((word, index) => `"${word}"${open && index === words.length - 1 ? '*' : ''}`).join(' ');
}
