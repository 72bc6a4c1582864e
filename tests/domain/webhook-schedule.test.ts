import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LONGEST_RETRY_AFTER_MS,
  RETRY_PAUSES_MS,
  TRIED_FOR_MS,
  nextTryAtMs,
  retryAfterMs,
} from '../../domain/webhook/schedule.ts';

const OWED_AT_MS = 1_790_000_000_000;
const DEADLINE = OWED_AT_MS + TRIED_FOR_MS;

/** Every try of a delivery that never succeeds, epoch ms, when each takes `takesMs`. */
function tries(random: () => number, takesMs: () => number, askedMs: () => number | null): number[] {
  const all: number[] = [];
  for (let atMs: number | null = OWED_AT_MS; atMs !== null && all.length < 1_000;) {
    all.push(atMs);
    atMs = nextTryAtMs(all.length, askedMs(), DEADLINE, atMs + takesMs(), random());
  }
  return all;
}

describe('HOOK-5 retries', () => {
  test('go on for three days, the last at their end, with pauses that grow and vary by a quarter', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (stream) => {
        const next = (): number => stream.next().value as number;
        const all = tries(
          next,
          () => Math.round(next() * 10_000),
          () => null,
        );
        expect(all.at(-1)).toBe(DEADLINE);
        expect(all.length).toBeGreaterThanOrEqual(15);
        expect(all.length).toBeLessThanOrEqual(25);
        all.slice(1, -1).forEach((atMs, index) => {
          const pauseMs = atMs - (all[index] as number);
          const planned = RETRY_PAUSES_MS[Math.min(index, RETRY_PAUSES_MS.length - 1)] as number;
          expect(pauseMs).toBeGreaterThanOrEqual(planned * 0.75 - 1);
          expect(pauseMs).toBeLessThanOrEqual(planned * 1.25 + 10_001);
        });
      }),
    );
  });

  test('a receiver’s Retry-After is kept to, at most a day and never past the end', () => {
    fc.assert(
      fc.property(fc.nat(2 * LONGEST_RETRY_AFTER_MS), fc.nat(TRIED_FOR_MS - 1), (askedMs, sinceMs) => {
        const nowMs = OWED_AT_MS + sinceMs;
        const next = nextTryAtMs(1, askedMs, DEADLINE, nowMs, 0.5) as number;
        expect(next).toBeGreaterThanOrEqual(
          Math.min(nowMs + Math.min(askedMs, LONGEST_RETRY_AFTER_MS), DEADLINE),
        );
        expect(next).toBeLessThanOrEqual(DEADLINE);
      }),
    );
  });

  test('Retry-After is seconds or a date, and nothing else', () => {
    expect(retryAfterMs('120', OWED_AT_MS)).toBe(120_000);
    expect(retryAfterMs('0', OWED_AT_MS)).toBe(0);
    expect(retryAfterMs(new Date(OWED_AT_MS + 90_000).toUTCString(), OWED_AT_MS)).toBe(90_000);
    expect(retryAfterMs(new Date(OWED_AT_MS - 90_000).toUTCString(), OWED_AT_MS)).toBe(0);
    for (const nonsense of [null, '', '-1', '1.5', 'soon', '99999999999', 'tomorrow GMT'])
      expect(retryAfterMs(nonsense, OWED_AT_MS)).toBeNull();
  });
});
