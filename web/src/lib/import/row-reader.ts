import Papa from 'papaparse';
import { CELL_AT_MOST, COLUMNS_AT_MOST, ROWS_A_CHUNK } from '../../../../protocol/import-limits.ts';
import { FileRefused, encodingOf } from './file-text.ts';

/** A row that cannot even be sent, by its number in the file. */
export interface Unreadable {
  readonly row: number;
  readonly code: string;
  readonly detail: string;
}
/** What is sent at once. Which rows a chunk has depends on the file alone: it can be gone on with after a reload. */
export interface RowChunk {
  readonly chunk: number;
  readonly firstRow: number;
  readonly rows: string[][];
  readonly unreadable: Unreadable[];
  /** How much of the file was read for it. */
  readonly bytesRead: number;
}
export interface Table {
  readonly headings: string[];
  readonly chunks: AsyncGenerator<RowChunk, void, void>;
}

/** Text that is parsed at once. */
const PIECE = 1024 * 1024;
/** A row longer than this is a quote that nobody closed: the rest of the file would be its cell. */
const ROW_AT_MOST = 8 * PIECE;
/** Letters a chunk: as JSON, in the worst case six bytes each, it stays below what the Worker takes. */
const CHUNK_LETTERS = 600_000;

/**
 * Reads a file of rows as it streams: never more than a piece and a row of it are in memory (IMPORT-7).
 * @throws FileRefused, also from `chunks`, for what is no table.
 */
export async function readTable(file: Blob): Promise<Table> {
  const rows = rowsOf(file);
  const first = await rows.next();
  if (first.done === true) throw new FileRefused('The file is empty.');
  const { cells } = first.value;
  if (cells.length > COLUMNS_AT_MOST) {
    throw new FileRefused(`The file has ${cells.length} columns; ${COLUMNS_AT_MOST} are read.`);
  }
  const headings = cells.map((cell, at) => cell.trim().slice(0, CELL_AT_MOST / 5) || `Column ${at + 1}`);
  return { headings, chunks: chunksOf(rows) };
}

interface Row {
  readonly cells: string[];
  readonly bytesRead: number;
}

/** Rows that say something; those of nothing but blanks do not count. */
async function* rowsOf(file: Blob): AsyncGenerator<Row, void, void> {
  const encoding = encodingOf(new Uint8Array(await file.slice(0, 64 * 1024).arrayBuffer()));
  const reader = file.stream().getReader();
  // It drops a byte order mark; what is no letter becomes the sign for that.
  const decoder = new TextDecoder(encoding);
  let text = '';
  let bytesRead = 0;
  let parser: RowParser | null = null;
  for (;;) {
    const { done, value } = await reader.read();
    if (value !== undefined) {
      bytesRead += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
    if (done) text += decoder.decode();
    else if (text.length < PIECE) continue;
    parser ??= parserFor(text);
    const { data, meta } = parser.parse(text, 0, !done);
    text = done ? '' : text.slice(meta.cursor);
    for (const cells of data as string[][]) {
      if (cells.some((cell) => cell.trim() !== '')) yield { cells, bytesRead };
    }
    if (done) return;
    if (text.length > ROW_AT_MOST) {
      await reader.cancel();
      throw new FileRefused('A row is longer than 8 million letters: a quote is not closed.');
    }
  }
}

/** Papa's own row parser: beneath the streamer, whose decoding breaks letters where slices of a file meet. */
interface RowParser {
  parse(text: string, base: number, ignoreLastRow: boolean): { data: unknown[]; meta: { cursor: number } };
}

/** Delimiter and line ends as the beginning of the file shows them. */
function parserFor(text: string): RowParser {
  const { delimiter, linebreak } = Papa.parse(text.slice(0, 64 * 1024), {
    preview: 50,
    // Empty rows would make every delimiter look unlikely.
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', ';', '\t', '|'],
  }).meta;
  const config = { delimiter, newline: linebreak as '\n' };
  return new (Papa as unknown as { Parser: new (config: object) => RowParser }).Parser(config);
}

async function* chunksOf(rows: AsyncGenerator<Row, void, void>): AsyncGenerator<RowChunk, void, void> {
  let [chunk, row, letters, firstRow, bytesRead] = [0, 0, 0, 1, 0];
  let taken: string[][] = [];
  let unreadable: Unreadable[] = [];
  const whole = (): RowChunk => ({ chunk: chunk++, firstRow, rows: taken, unreadable, bytesRead });
  for await (const next of rows) {
    const problem = problemOf(next.cells);
    const length = problem === null ? next.cells.reduce((sum, cell) => sum + cell.length + 1, 0) : 0;
    if (taken.length + unreadable.length === ROWS_A_CHUNK || letters + length > CHUNK_LETTERS) {
      yield whole();
      [taken, unreadable, letters, firstRow] = [[], [], 0, row + 1];
    }
    row++;
    bytesRead = next.bytesRead;
    letters += length;
    if (problem === null) taken.push(next.cells);
    else unreadable.push({ row, ...problem });
  }
  if (taken.length + unreadable.length > 0) yield whole();
}

function problemOf(cells: readonly string[]): Omit<Unreadable, 'row'> | null {
  if (cells.length > COLUMNS_AT_MOST) {
    return {
      code: 'too_many_columns',
      detail: `The row has ${cells.length} cells; ${COLUMNS_AT_MOST} are read.`,
    };
  }
  const long = cells.findIndex((cell) => cell.length > CELL_AT_MOST);
  if (long === -1) return null;
  return {
    code: 'cell_too_long',
    detail: `Cell ${long + 1} has ${cells[long]?.length} characters; at most ${CELL_AT_MOST} are read.`,
  };
}
