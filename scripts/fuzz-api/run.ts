import { argumentsOf } from '../arguments.ts';
import { fuzz } from './fuzz.ts';

/**
 * `npm run fuzz:api [-- --cases N --seed S]`: generated requests to the running Worker from its own OpenAPI, as each
 * principal. Exit code 1 on any finding. Requests, answers and logs stay in `.earshot/fuzz-api`.
 */
const args = argumentsOf(process.argv.slice(2));

const startedAtMs = Date.now();
const say = (line: string): void =>
  console.log(`${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s  ${line}`);

let stopStack = async (): Promise<void> => {};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stopStack().then(() => process.exit(130)));
}

const seed = args.count('--seed', Math.floor(Math.random() * 1_000_000));
const { cases, findings } = await fuzz({
  name: 'fuzz-api',
  cases: args.count('--cases', 50_000),
  seed,
  say,
  onStop: (stop) => (stopStack = stop),
});
for (const { principal, operation, what } of findings) console.log(`\n${operation} as ${principal}\n${what}`);
console.log(`\n${cases} requests, ${findings.length} findings, seed ${seed}`);
process.exit(findings.length === 0 ? 0 : 1);
