const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 60_000;

/** Exponential backoff with full jitter in its upper half, so that objects that failed together do not retry together. */
export function retryDelayMs(attempts: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts);
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
