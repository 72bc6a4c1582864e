import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { plantedBugs } from '../../scripts/simulate/planted/all.ts';
import { huntPlantedBugs } from '../../scripts/simulate/planted/hunt.ts';
import { outOfDate } from '../../scripts/simulate/planted/plant.ts';
import { keptSeeds } from './seeds.ts';

/** Each bug runs in a child of its own: some 40 s of two cores when nothing else runs. */
const PATIENCE_MS = 900_000;

describe('planted bugs', () => {
  test('each is written against the code as it stands', () => {
    expect(plantedBugs.flatMap((bug) => outOfDate(bug) ?? [])).toEqual([]);
  });

  test('there are many, each under a name of its own, and old bugs of ours are among them', () => {
    const names = plantedBugs.map((bug) => bug.name);
    expect(names.length).toBeGreaterThanOrEqual(28);
    expect(new Set(names).size).toBe(names.length);
    for (const kept of keptSeeds) expect(names).toContain(kept.planted);
  });

  test(
    'the simulation notices every one of them',
    async () => {
      const missed: string[] = [];
      const print = (line: string): void => {
        if (!line.startsWith('caught')) missed.push(line);
      };
      const { caught, planted } = await huntPlantedBugs(availableParallelism(), print);
      expect(missed).toEqual([]);
      expect(caught).toBe(planted);
    },
    PATIENCE_MS,
  );
});
