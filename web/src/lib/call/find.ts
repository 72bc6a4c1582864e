import type { TranscriptRow } from './transcript.ts';

/** A piece of a line: what was looked for, or what is around it. */
export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

const folded = (text: string): string => text.toLocaleLowerCase();

/** The rows that hold the words, by their place. None for an empty query. */
export function foundRows(rows: readonly TranscriptRow[], query: string): readonly number[] {
  const wanted = folded(query.trim());
  if (wanted === '') return [];
  return rows.flatMap((row, index) => (folded(row.text).includes(wanted) ? [index] : []));
}

/** The text with what was looked for told apart. */
export function piecesOf(text: string, query: string): readonly Piece[] {
  const wanted = folded(query.trim());
  const lower = folded(text);
  // Some letters change their length when made small: then places in one are none in the other.
  if (wanted === '' || lower.length !== text.length) return [{ text, found: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), found: false });
    from = at + wanted.length;
    pieces.push({ text: text.slice(at, from), found: true });
  }
  if (from < text.length) pieces.push({ text: text.slice(from), found: false });
  return pieces;
}

/** The next found place from `current`, round at the ends; null when nothing was found. */
export function nextFound(found: readonly number[], current: number | null, by: 1 | -1): number | null {
  if (found.length === 0) return null;
  const at = current === null ? -1 : found.indexOf(current);
  if (at === -1) return found[by === 1 ? 0 : found.length - 1] ?? null;
  return found[(at + by + found.length) % found.length] ?? null;
}

/** The row that is being spoken at a time; -1 before the first. */
export function rowAt(rows: readonly TranscriptRow[], atMs: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.startedAtMs ?? Infinity) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
