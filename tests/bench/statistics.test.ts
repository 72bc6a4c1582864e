import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, percentile, round, spread } from '../../bench/statistics.ts';

const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('percentiles', () => {
  test('are samples by nearest rank: of 100 numbers the p99 is the 99th, not the largest', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0)).toBe(1);
  });

  test('of few samples the p99 is the worst one', () => {
    expect(percentile([3, 9, 4], 0.99)).toBe(9);
    expect(percentile([7], 0.5)).toBe(7);
  });

  test('at least the share of all samples does not exceed them, and they are among the samples', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const found = percentile(values, share);
        expect(values).toContain(found);
        expect(values.filter((each) => each <= found).length).toBeGreaterThanOrEqual(
          values.length * share - 1e-9,
        );
      }),
    );
  });

  test('of nothing are no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
    expect(median([])).toBeNaN();
    expect(spread([])).toEqual({ count: 0, p50Ms: NaN, p95Ms: NaN, p99Ms: NaN });
  });
});

describe('the median', () => {
  test('is the middle one, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 10, 2])).toBe(3);
  });

  test('leaves its input as it is', () => {
    const values = [3, 1, 2];
    median(values);
    spread(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

test('a spread counts its samples and rounds to a hundredth', () => {
  expect(spread([1.234, 5.678, 2.345])).toEqual({ count: 3, p50Ms: 2.35, p95Ms: 5.68, p99Ms: 5.68 });
  expect(round(0.125)).toBe(0.13);
});
