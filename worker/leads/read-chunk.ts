import { uuidv7 } from 'uuidv7';
import type { ChunkOutcome, KnownPhones, LeadTuple, Reject } from '../../database/imports.ts';
import type { ReadRow } from '../../domain/lead/import-row.ts';
import { readRow } from '../../domain/lead/import-row.ts';
import type { Mapping } from '../../protocol/api/imports.ts';
import { e164Of } from './phone.ts';

/** Rows as a chunk brings them. */
export interface Chunk {
  readonly firstRow: number;
  readonly rows: readonly (readonly string[])[];
  readonly unreadable: readonly { readonly row: number; readonly code: string; readonly detail: string }[];
}

interface NumberedRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly read: ReadRow;
}

/** Rows with their numbers in the file: those that could not even be read keep theirs. */
export function readRows(
  { firstRow, rows, unreadable }: Chunk,
  { columns, country }: Mapping,
): NumberedRow[] {
  const taken = new Set(unreadable.map((each) => each.row));
  let row = firstRow - 1;
  return rows.map((cells) => {
    do row++;
    while (taken.has(row));
    return { row, cells, read: readRow(cells, columns, (text) => e164Of(text, country)) };
  });
}

export const phonesOf = (rows: readonly NumberedRow[]): string[] => [
  ...new Set(rows.flatMap(({ read }) => (read.ok ? [read.lead.phone] : []))),
];

/** What an import makes of these rows, given what D1 knows of their numbers (IMPORT-3, IMPORT-4). */
export function judgeLeads(chunk: Chunk, rows: readonly NumberedRow[], known: KnownPhones): ChunkOutcome {
  const rejects: Reject[] = chunk.unreadable.map((each) => ({ ...each, cells: [] }));
  const leads: LeadTuple[] = [];
  const seen = new Set<string>();
  let [duplicates, elsewhere, suppressed, withoutZone] = [0, 0, 0, 0];
  for (const { row, cells, read } of rows) {
    if (!read.ok) {
      const { code, detail } = read.problems[0] ?? { code: 'phone_missing', detail: 'There is no number.' };
      rejects.push({ row, code, detail, cells });
      continue;
    }
    const { phone, name, email, zone, postalCode, fields, consent } = read.lead;
    if (known.here.has(phone) || seen.has(phone)) {
      duplicates++;
      rejects.push({ row, code: 'duplicate', detail: 'The number is in this campaign already.', cells });
      continue;
    }
    seen.add(phone);
    if (known.elsewhere.has(phone)) elsewhere++;
    if (known.suppressed.has(phone)) suppressed++;
    if (read.zones.length === 0) withoutZone++;
    leads.push([uuidv7(), phone, name, email, zone, postalCode, JSON.stringify(fields), consent]);
  }
  return {
    ...{ leads, rejects, duplicates, elsewhere, suppressed, withoutZone },
    rejected: rejects.length - duplicates,
    rows: rows.length + chunk.unreadable.length,
  };
}

/** The same for a file of numbers that are not to be called. */
export function judgeSuppressions(
  chunk: Chunk,
  rows: readonly NumberedRow[],
): ChunkOutcome & { phones: string[] } {
  const unreadable = chunk.unreadable.map((each) => ({ ...each, cells: [] }));
  const rejects = rows.flatMap(({ row, cells, read }): Reject[] => {
    if (read.ok) return [];
    const { code, detail } = read.problems[0] ?? { code: 'phone_missing', detail: 'There is no number.' };
    return [{ row, code, detail, cells }];
  });
  const phones = phonesOf(rows);
  // Twice in the file is once on the list: nothing to correct, so nothing for the file of rejects.
  return {
    ...{ phones, leads: [], elsewhere: 0, suppressed: 0, withoutZone: 0 },
    duplicates: rows.length - rejects.length - phones.length,
    rejects: [...unreadable, ...rejects],
    rejected: rejects.length + unreadable.length,
    rows: rows.length + unreadable.length,
  };
}
