import type { CallEvent, CallFact } from '../domain/call/fact.ts';

/** What observations said, by their ids: the fingerprint of each (LEDGER-1). */
export type Fingerprints = ReadonlyMap<string, string>;

export interface EventsPage {
  readonly epoch: string;
  readonly head: number;
  readonly events: CallEvent[];
}

/**
 * A call's ledger in its object's SQLite: events numbered from 1, written once. What one turn of the object writes is one
 * row, for each row is paid for: its events, and the ids of the observations they came from. The tables refuse change and
 * deletion themselves, so that no later code can rewrite what happened; while personal data is being erased they let words
 * and names go, and nothing else.
 */
export class Journal {
  readonly #sql: SqlStorage;
  /** Every observation that was taken; read when the first one is asked for. */
  #known: Map<string, string> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS ledger (
        seq INTEGER PRIMARY KEY, -- of the row's last event
        at_ms INTEGER NOT NULL,
        facts TEXT NOT NULL CHECK (json_array_length(facts) > 0),
        observed TEXT -- {id: fingerprint}
      );
      CREATE TRIGGER IF NOT EXISTS ledger_keeps_entries BEFORE DELETE ON ledger
        BEGIN SELECT raise(ABORT, 'a ledger entry is never deleted'); END;
      CREATE TABLE IF NOT EXISTS ledger_being_erased (one INTEGER PRIMARY KEY CHECK (one = 1));
      DROP TRIGGER IF EXISTS ledger_keeps_words;
      CREATE TRIGGER IF NOT EXISTS ledger_keeps_what_happened BEFORE UPDATE ON ledger
        WHEN NOT EXISTS (SELECT 1 FROM ledger_being_erased)
          OR NEW.seq <> OLD.seq OR NEW.at_ms <> OLD.at_ms OR NEW.observed IS NOT OLD.observed
          OR (SELECT group_concat(json_extract(value, '$.type')) FROM json_each(NEW.facts))
            <> (SELECT group_concat(json_extract(value, '$.type')) FROM json_each(OLD.facts))
        BEGIN SELECT raise(ABORT, 'a ledger entry is never changed'); END;
      CREATE TRIGGER IF NOT EXISTS ledger_has_no_gaps BEFORE INSERT ON ledger
        WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) FROM ledger) + json_array_length(NEW.facts)
        BEGIN SELECT raise(ABORT, 'ledger entries are numbered without gaps'); END;
      CREATE TABLE IF NOT EXISTS observed_without_event (
        id TEXT PRIMARY KEY,
        fingerprint TEXT NOT NULL
      ) WITHOUT ROWID;
    `);
  }

  /** Writes the facts of one turn, numbered from `firstSeq`. Must run inside the transaction that writes what they owe. */
  append(firstSeq: number, atMs: number, facts: readonly CallFact[], observed: Fingerprints): void {
    if (facts.length > 0) {
      this.#sql.exec(
        'INSERT INTO ledger (seq, at_ms, facts, observed) VALUES (?, ?, ?, ?)',
        firstSeq + facts.length - 1,
        atMs,
        JSON.stringify(facts),
        observed.size > 0 ? JSON.stringify(Object.fromEntries(observed)) : null,
      );
      return;
    }
    for (const [id, fingerprint] of observed)
      this.#sql.exec('INSERT INTO observed_without_event (id, fingerprint) VALUES (?, ?)', id, fingerprint);
  }

  /** Rewrites entries in place. Must run inside the transaction that writes down that it was done. */
  rewrite(change: (fact: CallFact) => CallFact): void {
    const rows = this.#sql.exec<{ seq: number; facts: string }>('SELECT seq, facts FROM ledger').toArray();
    this.#sql.exec('INSERT INTO ledger_being_erased (one) VALUES (1)');
    for (const { seq, facts } of rows) {
      const changed = JSON.stringify((JSON.parse(facts) as CallFact[]).map(change));
      if (changed !== facts) this.#sql.exec('UPDATE ledger SET facts = ? WHERE seq = ?', changed, seq);
    }
    this.#sql.exec('DELETE FROM ledger_being_erased');
  }

  /** Events after `since`, oldest first, at most `limit`. */
  read(since: number, limit: number = Number.MAX_SAFE_INTEGER): CallEvent[] {
    return this.#sql
      .exec<{ seq: number; at_ms: number; facts: string }>(
        'SELECT seq, at_ms, facts FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?',
        since,
        limit,
      )
      .toArray()
      .flatMap((row) => eventsOf(row.seq, row.at_ms, JSON.parse(row.facts) as CallFact[]))
      .filter((event) => event.seq > since)
      .slice(0, limit);
  }

  /** Whether this observation was written before, and whether it said the same (LEDGER-1). */
  seen(id: string, fingerprint: string): 'new' | 'same' | 'other' {
    const known = this.#readKnown().get(id);
    if (known === undefined) return 'new';
    return known === fingerprint ? 'same' : 'other';
  }

  /** What was written with `append` stands. */
  remember(observed: Fingerprints): void {
    const known = this.#readKnown();
    for (const [id, fingerprint] of observed) known.set(id, fingerprint);
  }

  #readKnown(): Map<string, string> {
    this.#known ??= new Map(
      this.#sql
        .exec<{ id: string; fingerprint: string }>(
          `SELECT key AS id, value AS fingerprint FROM ledger, json_each(ledger.observed)
           UNION ALL SELECT id, fingerprint FROM observed_without_event`,
        )
        .toArray()
        .map((row) => [row.id, row.fingerprint]),
    );
    return this.#known;
  }
}

/** The events of one row, whose last has the number `lastSeq`. */
function eventsOf(lastSeq: number, atMs: number, facts: readonly CallFact[]): CallEvent[] {
  return facts.map((fact, index) => ({ ...fact, seq: lastSeq - facts.length + 1 + index, atMs }));
}
