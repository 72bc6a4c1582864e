import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ROWS_A_CHUNK } from '../../protocol/import-limits.ts';
import { FileRefused } from '../../web/src/lib/import/file-text.ts';
import { guessColumns } from '../../web/src/lib/import/guess-columns.ts';
import { readTable, type RowChunk } from '../../web/src/lib/import/row-reader.ts';

async function read(...parts: BlobPart[]) {
  const { headings, chunks } = await readTable(new Blob(parts));
  const all: RowChunk[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return { headings, chunks: all, rows: all.flatMap((each) => each.rows) };
}
const utf16 = (text: string, big = false, mark = true): Uint8Array<ArrayBuffer> => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return Uint8Array.from(big ? bytes.swap16() : bytes);
};
const table = 'phone,name\n+12125550100,Zoë\n+12125550101,Bo\n';
const expected = [
  ['+12125550100', 'Zoë'],
  ['+12125550101', 'Bo'],
];

describe('IMPORT-7 whatever a spreadsheet writes', () => {
  test.each([
    ['plain', [table]],
    ['with a byte order mark', ['\ufeff', table]],
    ['CRLF', [table.replaceAll('\n', '\r\n')]],
    ['lone CR', [table.replaceAll('\n', '\r')]],
    ['semicolons', [table.replaceAll(',', ';')]],
    ['tabs', [table.replaceAll(',', '\t')]],
    ['quotes', [table.replaceAll('Zoë', '"Zoë"')]],
    ['no line end at the end', [table.trimEnd()]],
    ['blank rows', [table.replaceAll('\n', '\n\n , \n')]],
    ['UTF-16 little', [utf16(table)]],
    ['UTF-16 big', [utf16(table, true)]],
    ['UTF-16 without a mark', [utf16(table.repeat(1), false, false)]],
    ['Windows-1252', [Uint8Array.from(Buffer.from(table, 'latin1'))]],
  ] as [string, BlobPart[]][])('%s', async (_name, parts) => {
    const { headings, rows } = await read(...parts);
    expect(headings).toEqual(['phone', 'name']);
    expect(rows).toEqual(expected);
  });

  test('quotes hold delimiters, line ends and quotes', async () => {
    const { rows } = await read('a,b\n"x,1","line\nbreak ""q"""\n');
    expect(rows).toEqual([['x,1', 'line\nbreak "q"']]);
  });

  test.each([
    ['empty', [''], 'empty'],
    ['only blanks', ['\n \n,,\n'], 'empty'],
    ['a workbook', [Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0)], 'save the sheet as CSV'],
    ['binary', [Uint8Array.from({ length: 4_096 }, (_, at) => (at * 7919) % 256)], 'not a text file'],
    ['201 columns', [`${Array(201).fill('x').join(',')}\n`], '201 columns'],
    ['an open quote', ['a,b\n"', 'x'.repeat(9 * 1024 * 1024)], undefined],
  ] as [string, BlobPart[], string | undefined][])(
    '%s is refused or shows as one row',
    async (_name, parts, why) => {
      const reading = read(...parts);
      if (why === undefined) {
        // Nothing follows, so that it ends as one cell too long; in a longer file it would be refused.
        const outcome = await reading.catch((error: unknown) => error);
        if (!(outcome instanceof FileRefused)) {
          expect((outcome as Awaited<typeof reading>).chunks[0]?.unreadable).toMatchObject([
            { code: 'cell_too_long' },
          ]);
        }
      } else {
        await expect(reading).rejects.toBeInstanceOf(FileRefused);
        await expect(reading).rejects.toThrow(why);
      }
    },
  );

  test('200 columns, a heading alone, cells of 5 MB and ragged rows', async () => {
    const wide = Array.from({ length: 200 }, (_, at) => `c${at}`).join(',');
    expect((await read(`${wide}\n${wide}\n`)).rows[0]).toHaveLength(200);
    expect((await read('a,b\n')).chunks).toEqual([]);
    const { chunks } = await read(`a,b\n1,2\n"${'x'.repeat(5 * 1024 * 1024)}",2\n3\n4,5,6\n${wide},z\n7,8\n`);
    expect(chunks).toMatchObject([
      {
        firstRow: 1,
        rows: [['1', '2'], ['3'], ['4', '5', '6'], ['7', '8']],
        unreadable: [
          { row: 2, code: 'cell_too_long' },
          { row: 5, code: 'too_many_columns' },
        ],
      },
    ]);
  });

  test('letters are not broken where pieces meet, and chunks depend on the file alone', async () => {
    const text = `phone,name\n${Array.from({ length: 60_000 }, (_, at) => `+1212555${at},"Zoë ${'ü'.repeat(at % 40)}"`).join('\n')}`;
    const bytes = Uint8Array.from(Buffer.from(text));
    const one = await read(bytes);
    const two = await read(bytes.slice(0, 777_777), bytes.slice(777_777));
    expect(one.rows).toHaveLength(60_000);
    expect(one.rows.some((row) => row[1]?.includes('\ufffd'))).toBe(false);
    const shape = (chunks: RowChunk[]) =>
      chunks.map(({ chunk, firstRow, rows }) => [chunk, firstRow, rows.length]);
    expect(shape(two.chunks)).toEqual(shape(one.chunks));
    expect(one.chunks.every((each) => each.rows.length <= ROWS_A_CHUNK)).toBe(true);
    const wide = `a\n${`${'y'.repeat(900)},`.repeat(100)}\n`.padEnd(100_000, 'z');
    expect((await read(wide.repeat(12))).chunks.length).toBeGreaterThan(1);
  });

  test('what a writer of CSV writes is read again as it was', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\n', ' ', '=', '+') })
      .map((text) => `x${text}x`);
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
        const text = [['h1', 'h2'], ...rows].map((row) => row.map(quoted).join(',')).join('\n');
        expect((await read(`${text}\n`)).rows).toEqual(rows);
      }),
    );
  });
});

describe('columns are guessed from headings', () => {
  test('each meaning once, the rest as fields, ours of a rejects file left out', () => {
    const guessed = guessColumns([
      'Mobile Phone',
      'First Name',
      'E-Mail',
      'ZIP',
      'Make & Model',
      'Tel',
      '',
      '_row',
      '_code',
    ]);
    expect(guessed.map(({ meaning, field }) => field ?? meaning)).toEqual([
      ...['phone', 'firstName', 'email', 'postalCode', 'make_model', 'tel', 'column_7', 'ignore', 'ignore'],
    ]);
  });
});
