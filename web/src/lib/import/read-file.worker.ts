import { FileRefused, fingerprintOf } from './file-text.ts';
import type { FromReader, ToReader } from './messages.ts';
import { readTable, type RowChunk } from './row-reader.ts';

/** Rows shown before anything is imported. */
const SAMPLE_ROWS = 50;

let chunks: AsyncGenerator<RowChunk, void, void> | null = null;

const say = (message: FromReader): void => postMessage(message);

async function open(given: File): Promise<void> {
  const table = await readTable(given);
  const first = await table.chunks.next();
  await table.chunks.return();
  if (first.done === true) throw new FileRefused('The file has a heading and no rows.');
  say({
    type: 'opened',
    headings: table.headings,
    sample: first.value.rows.slice(0, SAMPLE_ROWS),
    fingerprint: await fingerprintOf(given),
  });
}

async function from(file: File, chunk: number): Promise<void> {
  chunks = (await readTable(file)).chunks;
  // What was taken before is read again and not sent: a file cannot be entered in its middle.
  for (let at = 0; at < chunk; at++) if ((await chunks.next()).done === true) break;
  await next();
}

async function next(): Promise<void> {
  const read = await chunks?.next();
  if (read === undefined || read.done === true) say({ type: 'end' });
  else say({ type: 'chunk', ...read.value });
}

async function answer(asked: ToReader): Promise<void> {
  try {
    if (asked.type === 'open') await open(asked.file);
    else if (asked.type === 'from') await from(asked.file, asked.chunk);
    else await next();
  } catch (error) {
    const why =
      error instanceof FileRefused ? error.message : 'The file could not be read: is it still there?';
    say({ type: 'refused', why });
  }
}

addEventListener('message', (event: MessageEvent<ToReader>) => void answer(event.data));
