import type { Broken } from '../spread.ts';
import { inParallel, runJob } from '../spread.ts';
import { plantedBugs } from './all.ts';
import type { PlantedBug } from './bug.ts';
import { outOfDate } from './plant.ts';

/** Histories a bug may hide in before it counts as not caught. */
const MOST_CALLS = 10_000;

export interface Hunt {
  readonly caught: number;
  readonly planted: number;
}

/** Plants each bug in a child process of its own and plays until a rule is broken. Prints one line a bug. */
export async function huntPlantedBugs(
  workers: number,
  print: (line: string) => void,
  chosen: (bug: PlantedBug) => boolean = () => true,
  fromSeed?: number,
): Promise<Hunt> {
  const bugs = plantedBugs.filter(chosen);
  const stale = bugs.flatMap((bug) => outOfDate(bug) ?? []);
  if (stale.length > 0) throw new Error(stale.join('\n'));
  const caught = await inParallel(
    workers,
    bugs.map((bug) => async () => {
      const first = await hunt(bug, fromSeed ?? bug.fromSeed ?? 1);
      print(first === null ? `MISSED  ${bug.name}: ${bug.what}` : told(bug, first));
      return first !== null;
    }),
  );
  return { caught: caught.filter(Boolean).length, planted: bugs.length };
}

async function hunt(bug: PlantedBug, firstSeed: number): Promise<Broken | null> {
  const job = { firstSeed, step: 1, calls: MOST_CALLS, stopAfter: 1, without: [], bug: bug.name };
  return (await runJob(job)).broken[0] ?? null;
}

const told = (bug: PlantedBug, { seed, calls, rule, what }: Broken): string =>
  `caught  ${bug.name}: ${rule}, ${what} (seed ${seed}, after ${calls} call${calls === 1 ? '' : 's'})`;
