import { plantedBugs } from './planted.ts';
import { argumentsOf } from '../arguments.ts';
import { plant } from '../simulate/planted/plant.ts';

/**
 * One child process: plays histories from `--first` on, each `--step`th, until `--dials` numbers have rung, or exactly
 * `--histories` of them; one JSON a line.
 */
export interface WorkerNews {
  readonly histories: number;
  readonly dials: number;
  readonly refused: number;
  readonly evictions: number;
  readonly done: boolean;
  readonly violation: { readonly seed: number; readonly rule: string; readonly what: string } | null;
}

const given = argumentsOf(process.argv.slice(2));
for (const bug of plantedBugs.filter((each) => each.name === given.text('--bug'))) plant(bug);
const { simulateCampaigns } = await import('./one-campaign.ts');

// Failing requests are the weather here, not news.
console.warn = console.error = () => undefined;
const say = (news: WorkerNews): void => void process.stdout.write(`${JSON.stringify(news)}\n`);
const [first, step] = [given.number('--first', 1), given.number('--step', 1)];
const enoughDials = given.number('--dials', Number.POSITIVE_INFINITY);
const enoughHistories = given.number('--histories', Number.POSITIVE_INFINITY);
const SAY_EVERY_MS = 1_000;

let [histories, dials, refused, evictions] = [0, 0, 0, 0];

function play(): void {
  const untilMs = Date.now() + SAY_EVERY_MS;
  let violation: WorkerNews['violation'] = null;
  const more = (): boolean => violation === null && dials < enoughDials && histories < enoughHistories;
  while (more() && Date.now() < untilMs) {
    const seed = first + step * histories;
    const history = simulateCampaigns(seed);
    histories += 1;
    dials += history.dials;
    refused += history.refused;
    evictions += history.evictions;
    if (history.violation !== null) violation = { seed, ...history.violation };
  }
  const done = !more();
  say({ histories, dials, refused, evictions, done, violation });
  if (!done) setImmediate(play);
}
setImmediate(play);
