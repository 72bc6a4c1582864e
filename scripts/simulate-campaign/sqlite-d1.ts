import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';

type Value = string | number | null;
type Row = Record<string, unknown>;

const MIGRATIONS = join(import.meta.dirname, '../../migrations');

/** The product's tables, triggers and indexes, in memory. */
export class SqliteTables {
  readonly database = new DatabaseSync(':memory:');
  readonly #statements = new Map<string, StatementSync>();

  constructor() {
    // As D1 has it by default.
    this.database.exec('PRAGMA foreign_keys = ON');
    for (const file of readdirSync(MIGRATIONS).filter((each) => each.endsWith('.sql')).sort())
      this.database.exec(readFileSync(join(MIGRATIONS, file), 'utf8'));
  }

  all<T = Row>(sql: string, ...values: readonly Value[]): T[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(...values) as T[];
  }

  /** All or nothing, as a D1 batch. */
  together<T>(work: () => T): T {
    this.database.exec('SAVEPOINT batch');
    try {
      const result = work();
      this.database.exec('RELEASE batch');
      return result;
    } catch (error) {
      this.database.exec('ROLLBACK TO batch; RELEASE batch');
      throw error;
    }
  }

  /** Everything until `forget` is one history, of which nothing stays. */
  begin(): void {
    this.database.exec('BEGIN');
  }

  forget(): void {
    this.database.exec('ROLLBACK');
  }
}

/** How a request to D1 travels: it does the work at some moment, and answers, or not. */
export type Travel = <T>(work: () => T) => Promise<T>;

/** What D1 looks like to the product, over these tables. */
export function d1Over(tables: SqliteTables, travel: Travel): D1Database {
  class Statement {
    readonly #sql: string;
    readonly #values: readonly Value[];
    constructor(sql: string, values: readonly Value[] = []) {
      this.#sql = sql;
      this.#values = values;
    }
    bind(...values: Value[]): Statement {
      return new Statement(this.#sql, values);
    }
    now(): { results: Row[] } {
      return { results: tables.all(this.#sql, ...this.#values) };
    }
    all(): Promise<{ results: Row[] }> {
      return travel(() => this.now());
    }
    run(): Promise<{ results: Row[] }> {
      return this.all();
    }
    async first(column?: string): Promise<unknown> {
      const { results } = await this.all();
      const [row] = results;
      return row === undefined ? null : column === undefined ? row : row[column];
    }
  }
  return {
    prepare: (sql: string) => new Statement(sql),
    batch: (statements: readonly Statement[]) =>
      travel(() => tables.together(() => statements.map((each) => each.now()))),
  } as unknown as D1Database;
}
