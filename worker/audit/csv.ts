import type { AuditRow } from '../../protocol/api/audit.ts';

const columns = [
  'id',
  'time',
  'action',
  'actor',
  'actorName',
  'subject',
  'detail',
  'address',
  'requestId',
] as const;

export const csvHead = `${columns.join(',')}\r\n`;

/** One entry as a line of RFC 4180. */
export function csvLine({ atMs, ...entry }: AuditRow): string {
  const row = { ...entry, time: new Date(atMs).toISOString() };
  return `${columns.map((name) => cell(row[name] ?? '')).join(',')}\r\n`;
}

/** Spreadsheets run a cell that begins like a formula: an apostrophe makes it text. People choose their own names. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
