/** A D1 that counts what its answers say was read and written. */
export class RowCount {
  readonly database: D1Database;
  read = 0;
  written = 0;
  /** Round trips. */
  queries = 0;

  constructor(real: D1Database) {
    this.database = {
      prepare: (sql: string) => this.#counting(real.prepare(sql)),
      batch: async (statements: Counting[]) => {
        const results = await real.batch(statements.map((each) => each.statement));
        this.queries += 1;
        for (const { meta } of results) this.#count(meta);
        return results;
      },
    } as unknown as D1Database;
  }

  reset(): void {
    this.read = this.written = this.queries = 0;
  }

  #counting(statement: D1PreparedStatement): Counting {
    const all = async (): Promise<D1Result> => {
      const result = await statement.all();
      this.queries += 1;
      this.#count(result.meta);
      return result;
    };
    return {
      statement,
      bind: (...values: unknown[]) => this.#counting(statement.bind(...values)),
      all,
      run: all,
      first: async () => (await all()).results[0] ?? null,
    };
  }

  #count(meta: D1Result['meta']): void {
    this.read += meta.rows_read;
    this.written += meta.rows_written;
  }
}

interface Counting {
  readonly statement: D1PreparedStatement;
  bind(...values: unknown[]): Counting;
  all(): Promise<D1Result>;
  run(): Promise<D1Result>;
  first(): Promise<unknown>;
}
