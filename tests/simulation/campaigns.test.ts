import { describe, expect, test } from 'vitest';
import { playJob } from '../../scripts/simulate-campaign/play.ts';
import { outOfDate } from '../../scripts/simulate/planted/plant.ts';
import { plantedBugs } from '../../scripts/simulate-campaign/planted.ts';

/** Children of their own, on a machine that does other things too. */
const PATIENCE_MS = 240_000;

describe('campaigns simulated', () => {
  test(
    'DIAL-1 DIAL-3 DIAL-5 DIAL-9 DNC-1 HOURS-3 CAMP-2 CAMP-6 no dial is illegal or double, whatever goes wrong',
    async () => {
      const { dials, evictions, violation } = await playJob({ firstSeed: 1, step: 1, dials: 2_500 });
      expect(violation).toBeNull();
      expect(dials).toBeGreaterThanOrEqual(2_500);
      expect(evictions).toBeGreaterThan(100);
    },
    PATIENCE_MS,
  );

  test.each([
    [1169, 'leads waited for ever for an opening too short to be used'],
    [1528, 'a number rang twice in 24 hours, by 0.6 s'],
    [601358, 'a call that was let ring the moment it was taken for none gave its slot away'],
    [802367, 'hours that were narrowed while they were read let a number ring outside of them'],
  ])(
    'seed %i, which once found that %s',
    async (firstSeed) => {
      const { violation } = await playJob({ firstSeed, step: 1, histories: 1 });
      expect(violation).toBeNull();
    },
    PATIENCE_MS,
  );

  test('each planted bug is written against the code as it stands', () => {
    expect(plantedBugs.flatMap((bug) => outOfDate(bug) ?? [])).toEqual([]);
  });

  test(
    'the judge notices planted bugs',
    async () => {
      // Each from shortly before a history that shows it.
      const bugs: [name: string, firstSeed: number][] = [
        ['suppressed rings', 41],
        ['rings at any pace', 1],
        ['budget refilled', 1],
      ];
      const found = await Promise.all(
        bugs.map(([bug, firstSeed]) => playJob({ firstSeed, step: 1, histories: 60, bug })),
      );
      expect(found.map(({ violation }) => violation?.rule)).toEqual(['DNC-1', 'CAMP-2', 'CAMP-3']);
    },
    PATIENCE_MS,
  );
});
