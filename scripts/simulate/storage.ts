import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { CallEvent, CallFact } from '../../domain/call/fact.ts';

type Row = Record<string, SqlStorageValue>;

/** What the adversary throws for a full or broken disk; nothing else may be thrown by an input. */
export class StorageFailed extends Error {}

/**
 * A database that serves one call after another. Each call's work is one outer transaction that is rolled back when
 * the call is over, so that tables, triggers and prepared statements are made once and no call sees another's rows.
 */
class SharedDatabase {
  readonly #database = new DatabaseSync(':memory:');
  readonly #statements = new Map<string, StatementSync>();
  /** Table definitions that stand for good: repeating `IF NOT EXISTS` does nothing and need not be parsed again. */
  readonly #standing = new Set<string>();
  #busy = false;

  run(query: string, bindings: readonly (string | number | null)[]): Row[] {
    if (query.trimStart().startsWith('CREATE')) {
      if (this.#standing.has(query)) return [];
      if (!this.#busy) this.#standing.add(query);
      this.#database.exec(query);
      return [];
    }
    this.begin();
    let statement = this.#statements.get(query);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      this.#statements.set(query, statement);
    }
    return statement.all(...bindings) as Row[];
  }

  begin(): void {
    if (this.#busy) return;
    this.#database.exec('BEGIN');
    this.#busy = true;
  }

  forget(): void {
    if (this.#busy) this.#database.exec('ROLLBACK');
    this.#busy = false;
  }
}

const spare: SharedDatabase[] = [];

/** A Durable Object's storage over Node's SQLite: the same dialect, in memory. */
export class SimulatedStorage {
  readonly #database = spare.pop() ?? new SharedDatabase();
  readonly #values = new Map<string, string>();
  /** Set by the adversary: the next transaction fails. */
  failNext = false;
  /** Transactions that stand: whoever reads along looks again only when this has grown. */
  commits = 0;
  /** Transactions that failed: what followed from them is excused. */
  failures = 0;

  readonly sql = {
    exec: (query: string, ...bindings: (string | number | null)[]) =>
      cursor(this.#database.run(query, bindings)),
  } as unknown as SqlStorage;

  readonly kv = {
    get: <T>(key: string): T | undefined => {
      const text = this.#values.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put: <T>(key: string, value: T): void => void this.#values.set(key, JSON.stringify(value)),
  };

  transaction(work: () => void): void {
    this.#database.begin();
    this.#database.run('SAVEPOINT work', []);
    try {
      work();
      if (this.failNext) throw new StorageFailed('storage failed');
      this.commits++;
    } catch (error) {
      this.failures++;
      this.#database.run('ROLLBACK TO work', []);
      throw error;
    } finally {
      this.#database.run('RELEASE work', []);
      this.failNext = false;
    }
  }

  /** The ledger as the disk has it, read past the code under test: what everyone else is compared with. */
  ledgerAfter(seq: number): CallEvent[] {
    return this.#database
      .run(
        `SELECT ledger.seq - json_array_length(facts) + 1 + each.key AS seq, at_ms, each.value AS fact
         FROM ledger, json_each(facts) AS each WHERE ledger.seq > ? ORDER BY 1`,
        [seq],
      )
      .map((row) => ({
        ...(JSON.parse(row.fact as string) as CallFact),
        seq: row.seq as number,
        atMs: row.at_ms as number,
      }));
  }

  /** When the next effect that waits is due; null when none does. */
  nextEffectDueAtMs(): number | null {
    const [row] = this.#database.run(`SELECT min(due_at_ms) AS due FROM outbox WHERE state = 'pending'`, []);
    return (row?.due ?? null) as number | null;
  }

  close(): void {
    this.#database.forget();
    spare.push(this.#database);
  }
}

function cursor(rows: Row[]) {
  return {
    toArray: () => rows,
    one: () => {
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
      return rows[0];
    },
  };
}
