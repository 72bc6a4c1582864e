import type { CallEvent, CallFact } from '../domain/call/fact.ts';

/**
 * A call's ledger in its object's SQLite: events numbered from 1, written once. The tables refuse change and deletion
 * themselves, so that no later code can rewrite what happened.
 */
export class Journal {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS ledger (
        seq INTEGER PRIMARY KEY CHECK (seq > 0),
        at_ms INTEGER NOT NULL,
        fact TEXT NOT NULL
      );
      CREATE TRIGGER IF NOT EXISTS ledger_keeps_entries BEFORE DELETE ON ledger
        BEGIN SELECT raise(ABORT, 'a ledger entry is never deleted'); END;
      CREATE TRIGGER IF NOT EXISTS ledger_keeps_words BEFORE UPDATE ON ledger
        BEGIN SELECT raise(ABORT, 'a ledger entry is never changed'); END;
      CREATE TRIGGER IF NOT EXISTS ledger_has_no_gaps BEFORE INSERT ON ledger
        WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM ledger)
        BEGIN SELECT raise(ABORT, 'ledger entries are numbered without gaps'); END;
      CREATE TABLE IF NOT EXISTS observation (
        id TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL
      ) WITHOUT ROWID;
    `);
  }

  /** Writes one event. Must run inside the transaction that also writes the effects it owes. */
  append(seq: number, atMs: number, fact: CallFact): CallEvent {
    this.#sql.exec('INSERT INTO ledger (seq, at_ms, fact) VALUES (?, ?, ?)', seq, atMs, JSON.stringify(fact));
    return { ...fact, seq, atMs };
  }

  /** Events after `since`, oldest first, at most `limit`. */
  read(since: number, limit: number): CallEvent[] {
    return this.#sql
      .exec<{ seq: number; at_ms: number; fact: string }>(
        'SELECT seq, at_ms, fact FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?',
        since,
        limit,
      )
      .toArray()
      .map((row) => ({ ...(JSON.parse(row.fact) as CallFact), seq: row.seq, atMs: row.at_ms }));
  }

  /** Whether this observation was written before, and whether it said the same (LEDGER-1). */
  seen(id: string, fingerprint: string): 'new' | 'same' | 'other' {
    const row = this.#sql
      .exec<{ fingerprint: string }>('SELECT fingerprint FROM observation WHERE id = ?', id)
      .toArray()[0];
    if (row === undefined) return 'new';
    return row.fingerprint === fingerprint ? 'same' : 'other';
  }

  /** Remembers an observation in the same transaction as the facts it became. */
  remember(id: string, fingerprint: string): void {
    this.#sql.exec('INSERT INTO observation (id, fingerprint) VALUES (?, ?)', id, fingerprint);
  }
}
