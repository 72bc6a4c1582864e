import { describe, expect, test } from 'vitest';
import { bill, centsPerThousandMinutes, durationDollars, total } from '../../bench/cost/bill.ts';
import { emptyCounts, minus, plus } from '../../bench/cost/counts.ts';

const dollarsOf = (counts: Parameters<typeof bill>[0], what: string, seconds = 0): number | undefined =>
  bill(counts, seconds).find((line) => line.what === what)?.dollars;

describe('the bill', () => {
  test('of nothing is nothing', () => {
    expect(total(bill(emptyCounts(), 0))).toBe(0);
  });

  test('takes twenty incoming messages for one request, and an alarm for a whole one', () => {
    const counts = emptyCounts();
    counts.callRoom.messages = 20_000_000;
    counts.board.alarms = 1_000_000;
    expect(dollarsOf(counts, 'WebSocket messages')).toBeCloseTo(0.15, 10);
    expect(dollarsOf(counts, 'alarms')).toBeCloseTo(0.15, 10);
  });

  test('counts SQL, key-value and alarm writes of every object as rows', () => {
    const counts = emptyCounts();
    counts.callRoom.sqlRows = 400_000;
    counts.board.kvRows = 300_000;
    counts.fleet.alarmRows = 300_000;
    expect(dollarsOf(counts, 'rows of objects')).toBeCloseTo(1, 10);
  });

  test('bills an object at 128 MB: a million gigabyte seconds are eight million of its seconds', () => {
    expect(durationDollars(8_000_000)).toBeCloseTo(12.5, 10);
    expect(dollarsOf(emptyCounts(), 'seconds in memory', 8_000_000)).toBeCloseTo(12.5, 10);
  });

  test('adds up what its lines say', () => {
    const counts = emptyCounts();
    counts.workerRequests = 1_000_000;
    counts.callRoom.requests = 1_000_000;
    counts.d1Rows = 1_000_000;
    counts.r2ClassA = 1_000_000;
    expect(total(bill(counts, 0))).toBeCloseTo(0.3 + 0.15 + 1 + 4.5, 10);
  });
});

test('a ten-minute call for a cent is a dollar for a thousand minutes', () => {
  expect(centsPerThousandMinutes(0.01, 10)).toBeCloseTo(100, 10);
});

describe('counts', () => {
  test('a longer call is the fixed part and so many minutes of talk', () => {
    const short = emptyCounts();
    short.workerRequests = 2;
    short.callRoom.sqlRows = 6;
    const long = emptyCounts();
    long.workerRequests = 2;
    long.callRoom.sqlRows = 86;
    long.board.awakeMs = 300;
    const tenMinutes = plus(short, minus(long, short), 10);
    expect(tenMinutes.workerRequests).toBe(2);
    expect(tenMinutes.callRoom.sqlRows).toBe(806);
    expect(tenMinutes.board.awakeMs).toBe(3_000);
  });

  test('taking away and adding leaves what was given as it is', () => {
    const counts = emptyCounts();
    counts.callRoom.alarms = 3;
    plus(counts, counts, 2);
    minus(counts, counts);
    expect(counts.callRoom.alarms).toBe(3);
  });
});
