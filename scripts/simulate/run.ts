import { availableParallelism } from 'node:os';
import { argumentsOf } from '../arguments.ts';
import { plantedBugs } from './planted/all.ts';
import { huntPlantedBugs } from './planted/hunt.ts';
import { plant } from './planted/plant.ts';
import type { Broken } from './spread.ts';
import { inParallel, runJob } from './spread.ts';
import type { Weather } from './weather.ts';
import { weatherKinds } from './weather.ts';

/**
 * `npm run simulate -- --calls N --seed S --workers W`: whole calls on a virtual clock in a hostile world. A violation
 * is shrunk and printed with what replays it: `--seed X --calls 1 --story [--without kind,kind]`. With `--bug name` all
 * this happens to our code with that bug planted.
 * `npm run simulate -- --planted [--only text]`: our own code with small bugs planted, each of which must be noticed.
 */
const given = argumentsOf(process.argv.slice(2));
const workers = Math.max(1, given.number('--workers', availableParallelism()));
const without = given.text('--without').split(',').filter(Boolean);
const firstSeed = given.number('--seed', 1);
const PROGRESS_EVERY_MS = 5_000;

const bug = plantedBugs.find((each) => each.name === given.text('--bug'));
if (given.has('--bug') && bug === undefined) throw new Error('no planted bug has this name');
if (bug !== undefined) plant(bug);
// Imported only now, so that it may be the planted version.
const { simulateCall } = await import('./one-call.ts');
const { shrink } = await import('./shrink.ts');

// Failing effects are the weather here, not news.
console.warn = console.error = () => undefined;
// From here on in turns of the event loop of their own, as the simulation needs them.
setImmediate(() => {
  if (given.has('--planted')) void hunt();
  else if (given.has('--story')) tellStory();
  else void play();
});

async function hunt(): Promise<void> {
  const only = given.text('--only');
  const fromSeed = given.has('--seed') ? firstSeed : undefined;
  const { caught, planted } = await huntPlantedBugs(
    workers,
    (line) => console.log(line),
    (bug) => bug.name.includes(only),
    fromSeed,
  );
  console.log(`caught ${caught} of ${planted}`);
  process.exit(caught === planted ? 0 : 1);
}

function tellStory(): void {
  const { story, violation, weather } = simulateCall(firstSeed, { without: new Set(without), story: true });
  console.log(`weather: ${described(weather)}`);
  for (const line of story) console.log(`  ${line}`);
  process.exit(violation === null ? 0 : 1);
}

async function play(): Promise<void> {
  const calls = given.number('--calls', 2_000);
  const stopAfter = given.number('--stop-after', 1);
  const startedAtMs = Date.now();
  const lanes = Math.min(workers, calls);
  const played = new Array<number>(lanes).fill(0);
  const written = new Array<number>(lanes).fill(0);
  let broken = 0;
  const report = setInterval(() => console.log(soFar()), PROGRESS_EVERY_MS);
  const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
  const soFar = (): string => {
    const seconds = (Date.now() - startedAtMs) / 1_000;
    return `${sum(played)} calls, ${sum(written)} events, ${broken} violations, ${seconds.toFixed(0)} s`;
  };
  const results = await inParallel(
    lanes,
    played.map((_none, lane) => () => {
      const mine = Math.floor(calls / lanes) + (lane < calls % lanes ? 1 : 0);
      const job = {
        firstSeed: firstSeed + lane,
        step: lanes,
        calls: mine,
        stopAfter,
        without,
        ...(bug && { bug: bug.name }),
      };
      return runJob(job, (news) => {
        if (news.type === 'violation') {
          broken++;
          return console.log(`seed ${news.seed}: ${news.rule}, ${news.what}`);
        }
        played[lane] = news.calls;
        written[lane] = news.events;
      });
    }),
  );
  clearInterval(report);
  const all = results.flatMap((each) => each.broken).sort((a, b) => a.seed - b.seed);
  console.log(`${soFar()}, from seed ${firstSeed}`);
  const first = all[0];
  if (first === undefined) process.exit(0);
  setImmediate(() => explain(first));
}

/** The first violation as small as it gets, with its story and how to see it again. */
function explain({ seed }: Broken): void {
  const { outcome, without: off } = shrink(seed);
  console.log(`\nsmallest history of seed ${seed}: ${described(outcome.weather)}`);
  for (const line of outcome.story) console.log(`  ${line}`);
  const planted = bug === undefined ? '' : ` --bug '${bug.name}'`;
  console.log(
    `again: npm run simulate -- --seed ${seed} --calls 1 --story${planted} --without ${off.join(',')}`,
  );
  process.exit(1);
}

function described(weather: Weather): string {
  const there = weatherKinds.filter((kind) => weather[kind] > 0);
  return there.length === 0
    ? 'a good day'
    : there.map((kind) => `${kind} ${weather[kind].toFixed(2)}`).join(', ');
}
