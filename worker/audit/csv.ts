import type { AuditRow } from '../../protocol/api/audit.ts';
import { csvRow } from '../http/csv.ts';

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

export function csvLine({ atMs, ...entry }: AuditRow): string {
  const row = { ...entry, time: new Date(atMs).toISOString() };
  return csvRow(columns.map((name) => row[name] ?? ''));
}
