import { availableParallelism } from 'node:os';
import { argumentsOf } from '../arguments.ts';
import { inParallel } from '../simulate/spread.ts';
import { playJob } from './play.ts';
import { plantedBugs } from './planted.ts';
import type { WorkerNews } from './worker.ts';

/**
 * `npm run simulate:campaign -- --dials N --seed S --workers W`: campaigns on a virtual clock in a hostile world, until N
 * numbers have rung; every violation names its seed, and `--seed X --histories 1` plays it again.
 * `npm run simulate:campaign -- --planted`: our own code with small bugs planted, each of which must be noticed.
 */
const given = argumentsOf(process.argv.slice(2));
const workers = given.count('--workers', availableParallelism());
const seed = given.count('--seed', 1);
const PROGRESS_EVERY_MS = 10_000;
/** A planted bug must show in so many histories. */
const HISTORIES_A_BUG = 400;

process.exit((await (given.has('--planted') ? hunt() : play())) ? 0 : 1);

async function play(): Promise<boolean> {
  const dials = given.count('--dials', 20_000);
  const startedAtMs = Date.now();
  const news: WorkerNews[] = [];
  const sum = (of: (each: WorkerNews) => number): number => news.reduce((all, each) => all + of(each), 0);
  const soFar = (): string =>
    `${sum((each) => each.dials)} dials, ${sum((each) => each.refused)} refusals, ${sum((each) => each.histories)} histories, ` +
    `${sum((each) => each.evictions)} evictions, ${news.filter((each) => each.violation !== null).length} violations, ` +
    `${((Date.now() - startedAtMs) / 1_000).toFixed(0)} s`;
  const progress = setInterval(() => console.log(soFar()), PROGRESS_EVERY_MS);
  const histories = given.has('--histories') ? { histories: given.count('--histories', 1) } : {};
  const lanes = given.has('--histories') ? 1 : workers;
  const results = await inParallel(
    lanes,
    Array.from({ length: lanes }, (_none, lane) => () => {
      const job = { firstSeed: seed + lane, step: lanes, dials: Math.ceil(dials / lanes), ...histories };
      return playJob(job, (each) => {
        news[lane] = each;
        const { violation } = each;
        if (violation !== null) console.log(`seed ${violation.seed}: ${violation.rule}, ${violation.what}`);
      });
    }),
  );
  clearInterval(progress);
  const violations = results.flatMap(({ violation }) => (violation === null ? [] : [violation]));
  console.log(`${soFar()}, from seed ${seed}`);
  return violations.length === 0;
}

async function hunt(): Promise<boolean> {
  const only = given.text('--only');
  const names = new Set(plantedBugs.map((each) => each.name));
  const bugs = [...names].filter((each) => each.includes(only));
  const caught = await inParallel(
    workers,
    bugs.map((bug) => async () => {
      const { violation, histories } = await playJob({
        firstSeed: seed,
        step: 1,
        histories: HISTORIES_A_BUG,
        bug,
      });
      const what =
        violation === null
          ? `NOT caught in ${histories} histories`
          : `${violation.rule}, ${violation.what} (seed ${violation.seed})`;
      console.log(`${bug}: ${what}`);
      return violation !== null;
    }),
  );
  console.log(`caught ${caught.filter(Boolean).length} of ${bugs.length}`);
  return caught.every(Boolean);
}
