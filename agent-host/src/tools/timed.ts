import { llm } from '@livekit/agents';

/** What the model is told of a tool that failed: its message is something to go on with, and nothing of ours. */
export const giveUp = (what = 'That did not work just now'): llm.ToolError =>
  new llm.ToolError(
    `${what}. Tell the customer, and offer to have a colleague look at it or to call back. Do not try it again by yourself.`,
  );

/**
 * A tool's work within its time. Whatever goes wrong becomes words to go on with (TOOL-2); the customer never waits for a tool
 * that hangs.
 */
export async function timed<T>(withinMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late.abort();
      reject(giveUp());
    }, withinMs);
  });
  try {
    return await Promise.race([work(late.signal), timeout]);
  } catch (error) {
    throw error instanceof llm.ToolError ? error : giveUp();
  } finally {
    clearTimeout(timer);
  }
}
