/**
 * Spreadsheets run a cell that begins like a formula, `+1212…` among them. What we write gets an apostrophe in front, which
 * makes it text there; what we read loses exactly one, so that a file comes back as it went (IMPORT-6).
 */
export const guarded = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const unguarded = (text: string): string => (/^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text);

// What a file may hold and a line must not; most cells have none.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff]/;
const UNSEEN_RUNS = /[\s\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\ufeff]+/g;

/** A cell as its author meant it: one line, without the apostrophe or the `="…"` that kept a number text. Formulas are text. */
export function asWritten(cell: string): string {
  const line = UNSEEN.test(cell) ? cell.replace(UNSEEN_RUNS, ' ') : cell;
  const text = line.trim();
  // Nearly every cell: a file has millions.
  if (text[0] !== '=' && text[0] !== "'") return text;
  const quoted = /^="([^"]*)"$/.exec(text);
  return quoted === null ? unguarded(text) : (quoted[1] ?? '').trim();
}

/** One line of RFC 4180, every cell quoted and guarded. */
export const csvLineOf = (cells: readonly string[]): string =>
  `${cells.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
