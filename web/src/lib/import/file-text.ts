/** A file that cannot be read as a table at all, and why. */
export class FileRefused extends Error {
  override name = 'FileRefused';
}

const SAMPLE_BYTES = 64 * 1024;
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/**
 * How a file's bytes are to be read: by its byte order mark, by the zeros of UTF-16 without one, as UTF-8, else as the
 * Windows code page that spreadsheets still write.
 * @throws FileRefused for what is no text.
 */
export function encodingOf(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' {
  const [first, second] = head;
  if (head.length === 0) throw new FileRefused('The file is empty.');
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (ZIP.every((byte, at) => head[at] === byte)) {
    throw new FileRefused('This is a workbook or an archive: save the sheet as CSV first.');
  }
  const sample = head.subarray(0, SAMPLE_BYTES);
  let [even, odd] = [0, 0];
  for (let at = 0; at < sample.length; at++) {
    if (sample[at] !== 0) continue;
    if (at % 2 === 0) even++;
    else odd++;
  }
  if (even + odd > 0) {
    const half = sample.length / 2;
    if (odd > half * 0.4 && even === 0) return 'utf-16le';
    if (even > half * 0.4 && odd === 0) return 'utf-16be';
    throw new FileRefused('This is not a text file.');
  }
  try {
    // The sample may end within a letter: `stream` forgives that, and only that.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** SHA-256 over size, beginning and end, hex: names the file, so that who comes back with it goes on where it stopped. */
export async function fingerprintOf(file: Blob): Promise<string> {
  const edge = 1024 * 1024;
  const parts = [
    new TextEncoder().encode(`${file.size}\n`),
    new Uint8Array(await file.slice(0, edge).arrayBuffer()),
    new Uint8Array(await file.slice(Math.max(edge, file.size - edge)).arrayBuffer()),
  ];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
