const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A delivery is tried for this long from when it was owed, then it is dead (HOOK-5). */
export const TRIED_FOR_MS = 72 * HOUR_MS;
/** Pauses after the first, second … failure, before jitter; the last one repeats. */
export const RETRY_PAUSES_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
];
/** A receiver's `Retry-After` is kept to, but never beyond this. */
export const LONGEST_RETRY_AFTER_MS = 24 * HOUR_MS;

/**
 * When a delivery that failed is tried next, epoch ms; null: it was tried at or after `deadlineAtMs` and is dead. The last
 * try is at the deadline itself, however the pauses fall.
 * @param failures how often it failed, this time included
 * @param random 0 ≤ random < 1: pauses vary by a quarter, so that what failed together does not come back together
 */
export function nextTryAtMs(
  failures: number,
  retryAfterMs: number | null,
  deadlineAtMs: number,
  nowMs: number,
  random: number,
): number | null {
  if (nowMs >= deadlineAtMs) return null;
  const last = RETRY_PAUSES_MS.length - 1;
  const pauseMs = RETRY_PAUSES_MS[Math.min(Math.max(failures, 1) - 1, last)] as number;
  const jitteredMs = Math.round(pauseMs * (0.75 + random / 2));
  const askedMs = Math.min(Math.max(retryAfterMs ?? 0, 0), LONGEST_RETRY_AFTER_MS);
  return Math.min(nowMs + Math.max(jitteredMs, askedMs), deadlineAtMs);
}

/** A `Retry-After` header in ms from now: seconds or an HTTP date; null for anything else. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND_MS;
  const atMs = Date.parse(header);
  return /GMT$/.test(header) && !Number.isNaN(atMs) ? Math.max(0, atMs - nowMs) : null;
}
