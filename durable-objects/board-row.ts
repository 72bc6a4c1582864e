import type { Phase } from '../domain/call/state.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import type { Sight } from '../domain/privacy/sight.ts';
import { summaryInSight } from '../domain/privacy/sight.ts';

/** A call as the board handles it: what it must know itself, and the row as its dashboards get it. */
export interface BoardRow {
  readonly callId: string;
  readonly head: number;
  readonly phase: Phase;
  readonly endedAtMs: number | null;
  /** `CallSummary` as JSON: written once by the call's own object, and not read on its way. */
  readonly summary: string;
}

export function boardRowOf(summary: CallSummary): BoardRow {
  const { callId, head, phase, endedAtMs } = summary;
  return { callId, head, phase, endedAtMs, summary: JSON.stringify(summary) };
}

/** The row's JSON for a dashboard; as it is for those who see all of it. */
export const rowInSight = ({ summary }: BoardRow, sight: Sight): string =>
  sight === 'clear' ? summary : JSON.stringify(summaryInSight(JSON.parse(summary) as CallSummary, sight));

/** Every call on the board. Storage has each as it stood when its phase last changed. */
export class BoardRows {
  readonly #sql: SqlStorage;
  readonly #rows = new Map<string, BoardRow>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS row (call_id TEXT PRIMARY KEY, summary TEXT NOT NULL) WITHOUT ROWID',
    );
    for (const { summary } of sql.exec<{ summary: string }>('SELECT summary FROM row')) {
      const row = boardRowOf(JSON.parse(summary) as CallSummary);
      this.#rows.set(row.callId, row);
    }
  }

  get(callId: string): BoardRow | undefined {
    return this.#rows.get(callId);
  }

  all(): readonly BoardRow[] {
    return [...this.#rows.values()];
  }

  /** Those that have not ended. */
  live(): readonly BoardRow[] {
    return this.all().filter((row) => row.phase !== 'ended');
  }

  set(row: BoardRow): void {
    const written = this.#rows.get(row.callId)?.phase === row.phase;
    this.#rows.set(row.callId, row);
    if (written) return;
    this.#sql.exec(
      'INSERT INTO row (call_id, summary) VALUES (?, ?) ON CONFLICT DO UPDATE SET summary = excluded.summary',
      row.callId,
      row.summary,
    );
  }

  delete(callId: string): void {
    this.#rows.delete(callId);
    this.#sql.exec('DELETE FROM row WHERE call_id = ?', callId);
  }
}
