/**
 * Gives `work` a signal that aborts after `ms`. Not `AbortSignal.timeout`: its timer runs on after the answer, and an object
 * with a timer is kept awake.
 */
export async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), ms);
  try {
    return await work(timeout.signal);
  } finally {
    clearTimeout(timer);
  }
}
