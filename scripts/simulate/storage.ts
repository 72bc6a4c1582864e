import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

type Row = Record<string, SqlStorageValue>;

/** A Durable Object's storage over Node's SQLite: the same dialect, in memory, with statements kept prepared. */
export class SimulatedStorage {
  readonly #database = new DatabaseSync(':memory:');
  readonly #statements = new Map<string, StatementSync>();
  readonly #values = new Map<string, string>();
  /** Set by the adversary: the next transaction fails as a full or broken disk would. */
  failNext = false;

  readonly sql = {
    exec: (query: string, ...bindings: (string | number | null)[]) => {
      if (bindings.length === 0 && query.includes(';')) {
        this.#database.exec(query);
        return cursor([]);
      }
      let statement = this.#statements.get(query);
      if (statement === undefined) {
        statement = this.#database.prepare(query);
        this.#statements.set(query, statement);
      }
      return cursor(statement.all(...bindings) as Row[]);
    },
  } as unknown as SqlStorage;

  readonly kv = {
    get: <T>(key: string): T | undefined => {
      const text = this.#values.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put: <T>(key: string, value: T): void => void this.#values.set(key, JSON.stringify(value)),
  };

  transaction(work: () => void): void {
    this.#database.exec('BEGIN');
    try {
      work();
      if (this.failNext) throw new Error('storage failed');
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.failNext = false;
    }
  }

  close(): void {
    this.#database.close();
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
