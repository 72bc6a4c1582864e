import { simulateCall } from './one-call.ts';

/**
 * `npm run simulate -- --calls N --seed S [--planted]`: whole calls on a virtual clock in a hostile world. A violation
 * prints its seed; `--seed X --calls 1 --story` tells that one history.
 */
const args = process.argv.slice(2);
const numberAfter = (flag: string, otherwise: number): number => {
  const given = Number(args[args.indexOf(flag) + 1]);
  return args.includes(flag) && Number.isFinite(given) ? given : otherwise;
};
const calls = numberAfter('--calls', 2_000);
const firstSeed = numberAfter('--seed', 1);
const patience = numberAfter('--stop-after', 1);

// Failing effects are the weather here, not news.
console.warn = console.error = () => undefined;

const startedAtMs = Date.now();
let broken = 0;
let events = 0;
for (let index = 0; index < calls && broken < patience; index++) {
  const seed = firstSeed + index;
  const outcome = await simulateCall(seed);
  events += outcome.events.length;
  if (outcome.violations.length > 0) {
    broken++;
    console.log(`seed ${seed}: ${outcome.violations.join('; ')}`);
    if (patience === 1 || args.includes('--story')) for (const line of outcome.story) console.log(`  ${line}`);
  } else if (args.includes('--story')) for (const line of outcome.story) console.log(`  ${line}`);
  if ((index + 1) % 1_000 === 0) {
    console.log(`${index + 1} calls, ${events} events, ${broken} violations, ${((Date.now() - startedAtMs) / 1000).toFixed(0)} s`);
  }
}
console.log(`${calls} calls from seed ${firstSeed}: ${broken} violations`);
process.exit(broken === 0 ? 0 : 1);
