import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { inParallel, runJob } from '../../scripts/simulate/spread.ts';
import { keptSeeds } from './seeds.ts';

const CALLS = 20_000;
const FIRST_SEED = 1;

/** Some 60 s of one core when nothing else runs; the machine of CI may be shared. */
const PATIENCE_MS = 600_000;

const told = (broken: readonly { seed: number; rule: string; what: string }[]): string[] =>
  broken.map(({ seed, rule, what }) => `seed ${seed}: ${rule}, ${what}`);

describe('whole calls in a hostile world', () => {
  test(
    `no rule is broken in ${CALLS} histories`,
    async () => {
      const lanes = availableParallelism();
      const results = await inParallel(
        lanes,
        Array.from({ length: lanes }, (_none, lane) => () => {
          const calls = Math.floor(CALLS / lanes) + (lane < CALLS % lanes ? 1 : 0);
          return runJob({ firstSeed: FIRST_SEED + lane, step: lanes, calls, stopAfter: 3, without: [] });
        }),
      );
      expect(told(results.flatMap((each) => each.broken))).toEqual([]);
      expect(results.reduce((sum, each) => sum + each.calls, 0)).toBe(CALLS);
    },
    PATIENCE_MS,
  );

  test(
    'histories that once showed a bug stay whole',
    async () => {
      const seeds = [...new Set(keptSeeds.map((each) => each.seed))];
      const { broken, calls } = await runJob({
        firstSeed: 0,
        step: 0,
        calls: 0,
        seeds,
        stopAfter: seeds.length,
        without: [],
      });
      expect(told(broken)).toEqual([]);
      expect(calls).toBe(seeds.length);
    },
    PATIENCE_MS,
  );
});
