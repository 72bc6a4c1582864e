import type { ErasureSubject } from './erasures.ts';
import { contactKeyOf } from './calls.ts';

/** Rows read at a time: what is held in memory, whatever a table's length. */
const ROWS_A_PAGE = 5_000;

/** Leads that are the person, and rejected rows of files that name them. */
export interface LeadTraces {
  readonly leadIds: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
  readonly rejects: readonly (readonly [importId: string, row: number])[];
}

/**
 * Where leads hold a person: by name, or by the numbers that calls dialled. Every lead of such a number counts, in every
 * campaign. It reads all names once: an index on them would be paid for with each imported row.
 */
export async function leadTraces(database: D1Database, of: ErasureSubject): Promise<LeadTraces> {
  const named =
    of.kind === 'contactName'
      ? await leadsNamed(database, of.name)
      : await leadsOfCalls(database, of.callIds);
  const phones = [...new Set(named.map((each) => each.phone))];
  const { results } = await database
    .prepare('SELECT lead_id AS leadId FROM leads WHERE phone IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(phones))
    .all<{ leadId: string }>();
  const leadIds = [...new Set([...named, ...results].map((each) => each.leadId))];
  const name = of.kind === 'contactName' ? of.name : null;
  return { leadIds, phones, rejects: await rejectsOf(database, name, phones) };
}

interface Found {
  readonly leadId: string;
  readonly phone: string;
}

async function leadsOfCalls(database: D1Database, callIds: readonly string[]): Promise<Found[]> {
  const { results } = await database
    .prepare(
      `SELECT l.lead_id AS leadId, l.phone FROM dials d JOIN leads l ON l.lead_id = d.lead_id
       WHERE d.call_id IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(callIds))
    .all<Found>();
  return results;
}

async function leadsNamed(database: D1Database, name: string): Promise<Found[]> {
  const key = contactKeyOf(name);
  const found: Found[] = [];
  for (let after = ''; ;) {
    const { results } = await database
      .prepare(
        `SELECT lead_id AS leadId, phone, name FROM leads WHERE lead_id > ?1 AND name LIKE ?2 ESCAPE '\\'
         ORDER BY lead_id LIMIT ?3`,
      )
      .bind(after, likeOf(name), ROWS_A_PAGE)
      .all<Found & { name: string }>();
    found.push(...results.filter((each) => contactKeyOf(each.name) === key));
    if (results.length < ROWS_A_PAGE) return found;
    after = results.at(-1)?.leadId ?? '';
  }
}

/** SQLite folds only ASCII's letter cases: the longest run of those narrows, JavaScript decides. */
function likeOf(name: string): string {
  const runs = name.match(/[a-z0-9]+/gi) ?? [];
  return `%${runs.toSorted((one, other) => other.length - one.length)[0] ?? ''}%`;
}

async function rejectsOf(
  database: D1Database,
  name: string | null,
  phones: readonly string[],
): Promise<[string, number][]> {
  const key = name === null ? null : contactKeyOf(name);
  // However it was written, the number ends like this.
  const ends = phones.map((phone) => phone.slice(1).slice(-10));
  const found: [string, number][] = [];
  for (let after = 0; ;) {
    const { results } = await database
      .prepare(
        'SELECT rowid AS at, import_id AS importId, row, cells FROM import_rejects WHERE rowid > ?1 ORDER BY rowid LIMIT ?2',
      )
      .bind(after, ROWS_A_PAGE)
      .all<{ at: number; importId: string; row: number; cells: string }>();
    for (const { importId, row, cells } of results) {
      const texts = JSON.parse(cells) as string[];
      const named = key !== null && contactKeyOf(texts.join(' ')).includes(key);
      const numbers = texts.map((text) => text.replace(/\D/g, ''));
      if (named || ends.some((end) => numbers.some((each) => each.endsWith(end))))
        found.push([importId, row]);
    }
    if (results.length < ROWS_A_PAGE) return found;
    after = results.at(-1)?.at ?? after;
  }
}

/**
 * Takes leads and their traces away, and adds their calls to the erasure's list, as statements of the batch that begins it.
 * Entries of the do-not-call list stay (docs/privacy.md, PRIVACY-10).
 */
export function eraseLeadStatements(
  database: D1Database,
  erasureId: string,
  { leadIds, phones, rejects }: LeadTraces,
): D1PreparedStatement[] {
  const [leads, numbers] = [JSON.stringify(leadIds), JSON.stringify(phones)];
  return [
    database
      .prepare(
        `INSERT OR IGNORE INTO erasure_calls (erasure_id, call_id) SELECT ?1, call_id FROM dials
         WHERE lead_id IN (SELECT value FROM json_each(?2)) OR phone IN (SELECT value FROM json_each(?3))`,
      )
      .bind(erasureId, leads, numbers),
    database.prepare('DELETE FROM leads WHERE lead_id IN (SELECT value FROM json_each(?1))').bind(leads),
    // A repeated "add this lead" would be answered with it.
    database
      .prepare('DELETE FROM idempotency_keys WHERE new_id IN (SELECT value FROM json_each(?1))')
      .bind(leads),
    database
      .prepare(
        `DELETE FROM import_rejects WHERE rowid IN (SELECT r.rowid FROM json_each(?1) j JOIN import_rejects r
           ON r.import_id = j.value ->> 0 AND r.row = j.value ->> 1)`,
      )
      .bind(JSON.stringify(rejects)),
  ];
}

/** What stands where a number was dialled; a dial in progress keeps its own, because it must not be dialled twice. */
export const blankDialStatement = (database: D1Database, callId: string): D1PreparedStatement =>
  database
    .prepare(`UPDATE dials SET phone = 'erased' WHERE call_id = ?1 AND ended_at_ms IS NOT NULL`)
    .bind(callId);

/**
 * Leads of campaigns that ended before this, and numbers of dials before this. Numbers are kept for two days at least: caps
 * count by them. @returns how many leads went.
 */
export async function forgetOldLeads(
  database: D1Database,
  beforeMs: number,
  nowMs: number,
  limit: number,
): Promise<number> {
  const [leads] = await database.batch([
    database
      .prepare(
        `DELETE FROM leads WHERE lead_id IN (SELECT l.lead_id FROM campaigns c JOIN leads l ON l.campaign_id = c.campaign_id
           WHERE c.ended_at_ms < ?1 AND l.status <> 'dialling' LIMIT ?2)`,
      )
      .bind(beforeMs, limit),
    database
      .prepare(
        `UPDATE dials SET phone = 'erased' WHERE rowid IN (SELECT rowid FROM dials
           WHERE started_at_ms < ?1 AND ended_at_ms IS NOT NULL AND phone <> 'erased' LIMIT ?2)`,
      )
      .bind(Math.min(beforeMs, nowMs - 2 * 86_400_000), limit),
  ]);
  return leads?.meta.changes ?? 0;
}
