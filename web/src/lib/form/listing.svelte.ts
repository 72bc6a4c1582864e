import type { Reply } from '../../../../protocol/client/failure.ts';
import { Action } from './action.svelte.ts';

/** A page of a list, whatever the route calls its rows. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
}

/** A route's reply as a page; `rows` says what it calls them. */
export async function pageFrom<Value extends { readonly nextCursor: string | null }, Row>(
  asked: Promise<Reply<Value>>,
  rows: (value: Value) => readonly Row[],
): Promise<Reply<Page<Row>>> {
  const reply = await asked;
  if (!reply.ok) return reply;
  const { value } = reply;
  return { ok: true, value: { rows: rows(value), nextCursor: value.nextCursor } };
}

/** A list that is read page by page, and whose rows change under the hands of the reader. */
export class Listing<Row extends { readonly id: string }> {
  rows = $state.raw<readonly Row[]>([]);
  readonly more = new Action();
  #nextCursor = $state.raw<string | null>(null);
  readonly #read: (cursor: string | null) => Promise<Reply<Page<Row>>>;

  constructor(first: Page<Row>, read: (cursor: string | null) => Promise<Reply<Page<Row>>>) {
    this.rows = first.rows;
    this.#nextCursor = first.nextCursor;
    this.#read = read;
  }

  get hasMore(): boolean {
    return this.#nextCursor !== null;
  }

  async showMore(): Promise<void> {
    const next = await this.more.run('The rest of the list could not be read.', () =>
      this.#read(this.#nextCursor),
    );
    if (next === null) return;
    // What was added meanwhile moves the pages: a row may come twice.
    const fresh = next.value.rows.filter((row) => !this.rows.some((each) => each.id === row.id));
    this.rows = [...this.rows, ...fresh];
    this.#nextCursor = next.value.nextCursor;
  }

  add(row: Row): void {
    this.rows = [row, ...this.rows.filter((each) => each.id !== row.id)];
  }

  replace(row: Row): void {
    this.rows = this.rows.map((each) => (each.id === row.id ? row : each));
  }

  remove(id: string): void {
    this.rows = this.rows.filter((each) => each.id !== id);
  }
}
