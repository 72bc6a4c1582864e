import { enableCompileCache } from 'node:module';
import { plantedBugs } from './planted/all.ts';
import { plant } from './planted/plant.ts';
import { argumentsOf } from '../arguments.ts';
import type { WorkerNews } from './news.ts';

/**
 * One child process: plays the histories of `--first`, `--first + --step`, … or exactly those of `--seeds a,b`, and says
 * how it goes, one JSON a line. With `--bug` it loads the code with that bug planted, which is why everything simulated is imported only afterwards.
 */
const given = argumentsOf(process.argv.slice(2));
// Children come by the hundred: what one has compiled, the next need not.
enableCompileCache();
const bug = plantedBugs.find((each) => each.name === given.text('--bug'));
if (bug !== undefined) plant(bug);
const { simulateCall } = await import('./one-call.ts');

// Failing effects are the weather here, not news.
console.warn = console.error = () => undefined;
const say = (news: WorkerNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`);

const first = given.number('--first', 1);
const step = given.number('--step', 1);
const kept = given.text('--seeds').split(',').filter(Boolean).map(Number);
const calls = kept.length > 0 ? kept.length : given.number('--calls', 1);
const stopAfter = given.number('--stop-after', 1);
const without = new Set(given.text('--without').split(',').filter(Boolean));
const SAY_EVERY_MS = 1_000;

let index = 0;
let events = 0;
let broken = 0;

/** A slice of the histories, then a turn for the event loop. */
function play(): void {
  const untilMs = Date.now() + SAY_EVERY_MS;
  while (index < calls && broken < stopAfter && Date.now() < untilMs) {
    const seed = kept[index] ?? first + step * index;
    index++;
    const { events: ledger, violation } = simulateCall(seed, { without });
    events += ledger.length;
    if (violation === null) continue;
    broken++;
    say({ type: 'violation', seed, calls: index, ...violation });
  }
  say({ type: 'progress', calls: index, events });
  if (index < calls && broken < stopAfter) setImmediate(play);
}
setImmediate(play);
