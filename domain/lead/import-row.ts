import { isZone } from '../dial/local-clock.ts';
import { zoneEvidenceOf } from '../dial/zone-evidence.ts';
import { asWritten } from './spreadsheet.ts';

/** What a column of a file is to become. */
export interface Column {
  readonly heading: string;
  readonly meaning:
    | 'phone'
    | 'name'
    | 'firstName'
    | 'lastName'
    | 'email'
    | 'zone'
    | 'postalCode'
    | 'consent'
    | 'field'
    | 'ignore';
  /** For `field`: how scripts name it. */
  readonly field: string | null;
}

/** What is wrong with a cell; `column` counts from 0. */
export interface CellProblem {
  readonly column: number;
  readonly code:
    | 'phone_missing'
    | 'phone_rounded'
    | 'phone_invalid'
    | 'zone_unknown'
    | 'email_invalid'
    | 'cell_too_long'
    | 'too_many_cells';
  /** A sentence for people; it never repeats the cell. */
  readonly detail: string;
}

export interface ReadLead {
  /** E.164. */
  readonly phone: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly zone: string | null;
  readonly postalCode: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly consent: string | null;
}

export type ReadRow =
  | { readonly ok: true; readonly lead: ReadLead; readonly zones: readonly string[] }
  | { readonly ok: false; readonly problems: readonly CellProblem[]; readonly phone: string | null };

/** A number as E.164, or null; the library that knows numbering plans lives with whoever calls. */
export type ReadPhone = (text: string) => string | null;

/** Letters at most, as the API has them. */
const LONGEST = { name: 120, email: 254, zone: 64, postalCode: 20, consent: 200, field: 1_000 } as const;
const ROUNDED = /^[\d.,]+e\+?\d+$/i;

/** One row of a file as a lead, or every cell that is wrong (IMPORT-3). Cells that are missing at the end are empty. */
export function readRow(cells: readonly string[], columns: readonly Column[], readPhone: ReadPhone): ReadRow {
  const problems: CellProblem[] = [];
  const wrong = (column: number, code: CellProblem['code'], detail: string): void => {
    problems.push({ column, code, detail });
  };
  const fields: Record<string, string> = {};
  const parts = { name: '', firstName: '', lastName: '', email: '', zone: '', postalCode: '', consent: '' };
  let phone: string | null = null;
  for (let index = 0; index < columns.length; index++) {
    const { meaning, field } = columns[index] as Column;
    if (meaning === 'ignore') continue;
    const text = asWritten(cells[index] ?? '');
    if (meaning === 'phone') {
      phone = readPhone(text);
      if (text === '') wrong(index, 'phone_missing', 'There is no number.');
      else if (ROUNDED.test(text)) {
        phone = null;
        wrong(index, 'phone_rounded', 'The spreadsheet rounded this number: format the column as text.');
      } else if (phone === null) wrong(index, 'phone_invalid', 'This is no number that can be called.');
      continue;
    }
    if (text === '') continue;
    const longest = meaning === 'firstName' || meaning === 'lastName' ? LONGEST.name : LONGEST[meaning];
    if (text.length > longest) wrong(index, 'cell_too_long', `At most ${longest} characters.`);
    else if (meaning === 'field') {
      if (field !== null) fields[field] = text;
    } else if (meaning === 'zone' && !isZone(text)) {
      wrong(index, 'zone_unknown', 'This is no time zone of the IANA database, as America/New_York is.');
    } else if (meaning === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text)) {
      wrong(index, 'email_invalid', 'This is no e-mail address.');
    } else parts[meaning] = text;
  }
  for (let index = columns.length; index < cells.length; index++) {
    if (cells[index] === '') continue;
    wrong(index, 'too_many_cells', 'The row has more cells than the heading has columns.');
    break;
  }
  if (phone === null || problems.length > 0) return { ok: false, problems, phone };
  const name = (parts.name || `${parts.firstName} ${parts.lastName}`.trim()).slice(0, LONGEST.name);
  if (parts.firstName !== '' && !('first_name' in fields)) fields.first_name = parts.firstName;
  const lead: ReadLead = {
    phone,
    name: name || null,
    email: parts.email || null,
    zone: parts.zone || null,
    postalCode: parts.postalCode || null,
    fields,
    consent: parts.consent || null,
  };
  return { ok: true, lead, zones: zoneEvidenceOf(lead).zones };
}
