import type { Import, Mapping } from '../protocol/api/imports.ts';
import { cutPage } from './page.ts';

const COLUMNS = `import_id AS importId, kind, campaign_id AS campaignId, file_name AS fileName, file_bytes AS fileBytes,
  mapping, status, next_chunk AS nextChunk, rows, imported, duplicates, elsewhere, suppressed, rejected,
  without_zone AS withoutZone, created_by AS createdBy, created_at_ms AS createdAtMs, changed_at_ms AS changedAtMs`;

type Row = Omit<Import, 'mapping'> & { readonly mapping: string };
const importOf = (row: Row): Import => ({ ...row, mapping: JSON.parse(row.mapping) as Mapping });

export async function importNamed(database: D1Database, importId: string): Promise<Import | null> {
  const row = await database
    .prepare(`SELECT ${COLUMNS} FROM imports WHERE import_id = ?1`)
    .bind(importId)
    .first<Row>();
  return row === null ? null : importOf(row);
}

export interface NewImport {
  readonly importId: string;
  /** Null: numbers not to be called. */
  readonly campaignId: string | null;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly fingerprint: string;
  readonly mapping: Mapping;
  readonly createdBy: string;
}

/**
 * The import of this file that is under way, or a new one (IMPORT-2). One statement decides, so that two tabs get the same.
 * @returns it, and whether it was begun just now.
 */
export async function beginImport(
  database: D1Database,
  given: NewImport,
  nowMs: number,
): Promise<{ import: Import; begun: boolean }> {
  const [, found] = await database.batch<Row>([
    database
      .prepare(
        `INSERT INTO imports (import_id, kind, campaign_id, file_name, file_bytes, fingerprint, mapping, status, created_by,
           created_at_ms, changed_at_ms)
         SELECT ?1, iif(?2 IS NULL, 'suppressions', 'leads'), ?2, ?3, ?4, ?5, ?6, 'running', ?7, ?8, ?8
         WHERE NOT EXISTS (SELECT 1 FROM imports WHERE campaign_id IS ?2 AND fingerprint = ?5 AND status = 'running')`,
      )
      .bind(
        given.importId,
        given.campaignId,
        given.fileName,
        given.fileBytes,
        given.fingerprint,
        JSON.stringify(given.mapping),
        given.createdBy,
        nowMs,
      ),
    database
      .prepare(
        `SELECT ${COLUMNS} FROM imports WHERE campaign_id IS ?1 AND fingerprint = ?2 AND status = 'running'
         ORDER BY import_id LIMIT 1`,
      )
      .bind(given.campaignId, given.fingerprint),
  ]);
  const row = found?.results[0];
  if (row === undefined) throw new Error('an import was begun and is not there');
  return { import: importOf(row), begun: row.importId === given.importId };
}

/** What D1 knows of these numbers: in this campaign, in another one, on the do-not-call list. */
export interface KnownPhones {
  readonly here: ReadonlySet<string>;
  readonly elsewhere: ReadonlySet<string>;
  readonly suppressed: ReadonlySet<string>;
}

export async function knownPhones(
  database: D1Database,
  campaignId: string | null,
  phones: readonly string[],
): Promise<KnownPhones> {
  const list = JSON.stringify(phones);
  const [leads, suppressions] = await database.batch([
    database
      .prepare(
        `SELECT DISTINCT l.phone, l.campaign_id IS ?2 AS here FROM json_each(?1) p CROSS JOIN leads l ON l.phone = p.value`,
      )
      .bind(list, campaignId),
    database
      .prepare('SELECT s.phone FROM json_each(?1) p CROSS JOIN suppressions s ON s.phone = p.value')
      .bind(list),
  ]);
  const rows = (leads?.results ?? []) as { phone: string; here: number }[];
  return {
    here: new Set(rows.filter((row) => row.here === 1).map((row) => row.phone)),
    elsewhere: new Set(rows.filter((row) => row.here === 0).map((row) => row.phone)),
    suppressed: new Set(((suppressions?.results ?? []) as { phone: string }[]).map((row) => row.phone)),
  };
}

export interface Reject {
  /** Of the file, from 1 after the heading. */
  readonly row: number;
  readonly code: string;
  readonly detail: string;
  readonly cells: readonly string[];
}

/** A lead to be written: id, phone, name, email, zone, postal code, fields as JSON, consent. In this order, to be small. */
export type LeadTuple = readonly [
  string,
  string,
  string | null,
  string | null,
  string | null,
  string | null,
  string,
  string | null,
];

/** What a chunk came to. */
export interface ChunkOutcome {
  readonly rows: number;
  readonly leads: readonly LeadTuple[];
  readonly rejects: readonly Reject[];
  /** Seen twice, whether or not a reject says so. */
  readonly duplicates: number;
  /** Rejects that are no duplicates. */
  readonly rejected: number;
  readonly elsewhere: number;
  readonly suppressed: number;
  readonly withoutZone: number;
}

const DUE = `EXISTS (SELECT 1 FROM imports WHERE import_id = ?1 AND next_chunk = ?2 AND status = 'running')`;
/** Letters of JSON a statement: D1 takes 2 MB a parameter, and a letter may be three bytes. */
const LETTERS_A_STATEMENT = 600_000;

interface Due {
  readonly importId: string;
  readonly chunk: number;
  readonly atMs: number;
}

/**
 * Takes a chunk as one transaction, if it is the one that is due: each statement says so itself, so that of two tabs that
 * send the same one only the first changes anything (IMPORT-1). Rows that got into the campaign between our look and the
 * write count as duplicates; numbers put on the do-not-call list meanwhile become `doNotCall`.
 * @returns the import as it is then; null when another was due.
 */
export async function takeChunk(
  database: D1Database,
  of: Due & { readonly campaignId: string },
  outcome: ChunkOutcome,
): Promise<Import | null> {
  const { importId, campaignId, chunk, atMs } = of;
  const inserts = inStatements(outcome.leads).flatMap(({ list, count }) => [
    database
      .prepare(
        `INSERT INTO leads (lead_id, campaign_id, phone, name, email, zone, postal_code, fields, consent, status, created_at_ms)
         SELECT value ->> 0, ?3, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
           CASE WHEN EXISTS (SELECT 1 FROM suppressions WHERE phone = value ->> 1) THEN 'doNotCall' ELSE 'waiting' END, ?4
         FROM json_each(?5) WHERE ${DUE} ON CONFLICT DO NOTHING`,
      )
      .bind(importId, chunk, campaignId, atMs, list),
    countInserted(database, of, count),
  ]);
  return advance(database, of, outcome, inserts);
}

/** A chunk of numbers that are not to be called. What is on the list already is a duplicate. */
export async function takeSuppressionChunk(
  database: D1Database,
  of: Due,
  outcome: ChunkOutcome & { readonly phones: readonly string[] },
  [insert, takeOut]: readonly [D1PreparedStatement, D1PreparedStatement],
): Promise<Import | null> {
  // Both are safe to repeat, so that neither asks whether the chunk is due.
  const statements = [takeOut, insert, countInserted(database, of, outcome.phones.length)];
  return advance(database, of, outcome, statements);
}

/** `changes()` is what the statement before inserted; the rest of what it was given was there already. */
const countInserted = (database: D1Database, { importId, chunk }: Due, given: number): D1PreparedStatement =>
  database
    .prepare(
      `UPDATE imports SET imported = imported + changes(), duplicates = duplicates + ?3 - changes()
       WHERE import_id = ?1 AND next_chunk = ?2 AND status = 'running'`,
    )
    .bind(importId, chunk, given);

/** Lists as JSON, each small enough for a parameter. */
function inStatements(items: readonly unknown[]): { list: string; count: number }[] {
  const lists: { list: string; count: number }[] = [];
  let texts: string[] = [];
  let letters = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    if (texts.length > 0 && letters + text.length > LETTERS_A_STATEMENT) {
      lists.push({ list: `[${texts.join()}]`, count: texts.length });
      [texts, letters] = [[], 0];
    }
    texts.push(text);
    letters += text.length + 1;
  }
  if (texts.length > 0) lists.push({ list: `[${texts.join()}]`, count: texts.length });
  return lists;
}

function rejectStatements(
  database: D1Database,
  { importId, chunk }: Due,
  rejects: readonly Reject[],
): D1PreparedStatement[] {
  const rows = rejects.map(({ row, code, detail, cells }) => [row, code, detail, JSON.stringify(cells)]);
  return inStatements(rows).map(({ list }) =>
    database
      .prepare(
        `INSERT INTO import_rejects (import_id, row, code, detail, cells)
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?3) WHERE ${DUE}
         ON CONFLICT DO NOTHING`,
      )
      .bind(importId, chunk, list),
  );
}

/** Everything of a chunk in one batch, which ends with the step to the next one. */
async function advance(
  database: D1Database,
  due: Due,
  outcome: ChunkOutcome,
  inserts: readonly D1PreparedStatement[],
): Promise<Import | null> {
  const { rows, duplicates, rejected, elsewhere, suppressed, withoutZone, rejects } = outcome;
  const step = database
    .prepare(
      `UPDATE imports SET next_chunk = next_chunk + 1, rows = rows + ?3, duplicates = duplicates + ?4,
         elsewhere = elsewhere + ?5, suppressed = suppressed + ?6, rejected = rejected + ?7,
         without_zone = without_zone + ?8, changed_at_ms = ?9
       WHERE import_id = ?1 AND next_chunk = ?2 AND status = 'running' RETURNING ${COLUMNS}`,
    )
    .bind(due.importId, due.chunk, rows, duplicates, elsewhere, suppressed, rejected, withoutZone, due.atMs);
  const results = await database.batch<Row>([...rejectStatements(database, due, rejects), ...inserts, step]);
  const row = results.at(-1)?.results[0];
  return row === undefined ? null : importOf(row);
}

export async function endImport(
  database: D1Database,
  importId: string,
  status: 'done' | 'cancelled',
  atMs: number,
  also: D1PreparedStatement,
): Promise<void> {
  await database.batch([
    database
      .prepare(
        `UPDATE imports SET status = ?2, changed_at_ms = ?3 WHERE import_id = ?1 AND status = 'running'`,
      )
      .bind(importId, status, atMs),
    also,
  ]);
}

/** Newest first; the cursor is the last one's id. */
export async function importPage(
  database: D1Database,
  campaignId: string,
  cursor: string | null,
  limit: number,
): Promise<{ imports: Import[]; nextCursor: string | null }> {
  const { results } = await database
    .prepare(
      `SELECT ${COLUMNS} FROM imports WHERE campaign_id = ?1 AND (?2 IS NULL OR import_id < ?2)
       ORDER BY import_id DESC LIMIT ?3`,
    )
    .bind(campaignId, cursor, limit + 1)
    .all<Row>();
  const { page, nextCursor } = cutPage(results, limit, (last) => last.importId);
  return { imports: page.map(importOf), nextCursor };
}

/** Rejects after a row of the file, in its order. */
export async function rejectsAfter(
  database: D1Database,
  importId: string,
  row: number,
  limit: number,
): Promise<Reject[]> {
  const { results } = await database
    .prepare(
      `SELECT row, code, detail, cells FROM import_rejects WHERE import_id = ?1 AND row > ?2 ORDER BY row LIMIT ?3`,
    )
    .bind(importId, row, limit)
    .all<Omit<Reject, 'cells'> & { cells: string }>();
  return results.map((each) => ({ ...each, cells: JSON.parse(each.cells) as string[] }));
}

/** Cells of files are kept only as long as somebody may want to correct them. */
export async function forgetOldRejects(database: D1Database, beforeMs: number): Promise<void> {
  await database
    .prepare(
      `DELETE FROM import_rejects WHERE import_id IN (SELECT import_id FROM imports WHERE changed_at_ms < ?1)`,
    )
    .bind(beforeMs)
    .run();
}
