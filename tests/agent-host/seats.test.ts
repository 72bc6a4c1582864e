import { expect, test } from 'vitest';
import { LastMinute } from '../../agent-host/src/last-minute.ts';
import { FULL_LOAD, Seats } from '../../agent-host/src/seats.ts';

test('a job without a free seat is refused, also while the last one has only just been promised', () => {
  const seats = new Seats(2);
  expect(seats.take('job1', 'call1', [], 0)).toBe(true);
  expect(seats.take('job2', 'call2', ['job1'], 10)).toBe(true);
  expect(seats.take('job3', 'call3', ['job1'], 20)).toBe(false);
  expect(seats.callIds(['job1', 'job2'], 30)).toEqual(['call1', 'call2']);
});

test('a seat is free as soon as its job’s process is gone, or when no job ever came', () => {
  const seats = new Seats(1);
  seats.take('job1', 'call1', [], 0);
  expect(seats.callIds(['job1'], 1_000)).toEqual(['call1']);
  expect(seats.callIds([], 1_001)).toEqual([]);
  seats.take('job2', 'call2', [], 2_000);
  expect(seats.callIds([], 9_000)).toEqual(['call2']);
  expect(seats.callIds([], 12_001)).toEqual([]);
});

test.each([1, 3, 4, 7])(
  'of %i seats the last one is the one that makes the host full to LiveKit',
  (total) => {
    const seats = new Seats(total);
    for (let n = 0; n < total; n++) {
      expect(seats.load([], 0)).toBeLessThan(FULL_LOAD);
      seats.take(`job${n}`, `call${n}`, [], 0);
    }
    expect(seats.load([], 0)).toBe(FULL_LOAD);
  },
);

test('the roster hears of the last minute, and of nothing older', () => {
  const minute = new LastMinute();
  minute.callEnded(true, 0);
  for (let n = 1; n <= 20; n++) minute.firstSound(n * 100, 50_000);
  minute.callEnded(false, 50_000);
  expect(minute.summary(60_000)).toEqual({ callsServed: 2, callsFailed: 1, firstAudioP95Ms: 1_900 });
  expect(minute.summary(60_001)).toEqual({ callsServed: 1, callsFailed: 0, firstAudioP95Ms: 1_900 });
  expect(minute.summary(200_000)).toEqual({ callsServed: 0, callsFailed: 0, firstAudioP95Ms: null });
});
