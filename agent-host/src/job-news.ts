/** What a job's process tells the host that started it, over the process channel the framework already holds. */
export type JobNews = { readonly callId: string } & (
  | { readonly type: 'started' }
  | { readonly type: 'customerPresent'; readonly atMs: number }
  | { readonly type: 'firstSound'; readonly atMs: number }
  /** Its sound is to be kept from now on. */
  | { readonly type: 'record'; readonly room: string; readonly paused: boolean }
  /** Answered with `recordingAnswer`. */
  | { readonly type: 'pauseRecording'; readonly orderId: string; readonly paused: boolean }
  /** The job is over and its process should be gone soon. `notServed`: another agent has the call, or nobody needs one. */
  | { readonly type: 'over'; readonly outcome: 'served' | 'failed' | 'notServed' }
);

/** The framework ignores messages whose `case` it does not know. */
const CASE = 'earshot.jobNews';

export function tellHost(news: JobNews): void {
  if (process.connected) process.send?.({ case: CASE, value: news });
}

/** Null for everything that is not ours: the channel is shared with the framework. */
export function jobNewsOf(message: unknown): JobNews | null {
  if (typeof message !== 'object' || message === null || !('case' in message) || message.case !== CASE)
    return null;
  return (message as unknown as { value: JobNews }).value;
}
