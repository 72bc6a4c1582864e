/**
 * A body that is read page by page: the next one only when the client has taken the one before, so that an export holds one
 * page in memory, whatever its length.
 */
export function streamPages<Cursor>(
  head: string,
  readPage: (cursor: Cursor | null) => Promise<{ readonly text: string; readonly next: Cursor | null }>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cursor: Cursor | null = null;
  let before = head;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { text, next } = await readPage(cursor);
      controller.enqueue(encoder.encode(before + text));
      before = '';
      cursor = next;
      if (cursor === null) controller.close();
    },
  });
}
