import { loadavg } from 'node:os';
import { board } from './board.ts';
import { cost } from './cost.ts';
import { dialer } from './dialer.ts';
import { endOfCall } from './end-of-call.ts';
import { fanOut } from './fan-out.ts';
import { firstCall } from './first-call.ts';
import { importLeads } from './import.ts';
import { ingest } from './ingest.ts';
import { loadNote } from './process-cpu.ts';
import { recorder } from './recorder.ts';
import { search } from './search.ts';
import { resume } from './resume.ts';
import type { BenchResult } from './result.ts';
import { printTable } from './result.ts';
import { voice } from './voice.ts';

/** Started on the stack that is given, which is unwound when the bench is over, however it ends. */
type Bench = (scope: AsyncDisposableStack) => Promise<BenchResult>;

/** `npm run bench -- NAME [--json]`: measures against a peer in the same run, interleaved; quote the ratios. */
const benches: Readonly<Record<string, Bench>> = {
  ingest,
  'fan-out': fanOut,
  board,
  resume,
  'end-of-call': endOfCall,
  cost,
  dialer,
  import: importLeads,
  'first-call': firstCall,
  recorder,
  search,
  voice,
};
const LIMIT_S = 90;
/** Whole calls with sound, or many rooms, in real time; a million rows to begin with. */
const LONGER_S: Readonly<Record<string, number>> = {
  'first-call': 900,
  search: 900,
  import: 900,
  recorder: 240,
  voice: 900,
};

const name = process.argv.slice(2).find((arg) => !arg.startsWith('--')) ?? '';
const bench = benches[name];
if (bench === undefined) {
  console.error(`Which bench? One of: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const asJson = process.argv.includes('--json');
const toStdout = process.stdout.write.bind(process.stdout);
// The runtime prints the Worker's log here: it is not the result.
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

const scope = new AsyncDisposableStack();
const exit = process.exit.bind(process);
const startLoad = loadavg()[0] ?? 0;
let code = 1;
try {
  const measured = await Promise.race([bench(scope), given('SIGINT'), given('SIGTERM'), tooLong()]);
  const result = { ...measured, notes: [...measured.notes, loadNote(startLoad)] };
  if (asJson) toStdout(`${JSON.stringify(result, null, 2)}\n`);
  else printTable(result, (line) => toStdout(`${line}\n`));
  code = 0;
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
} finally {
  await scope.disposeAsync();
  exit(code);
}

function given(signal: NodeJS.Signals): Promise<never> {
  return new Promise((_, reject) =>
    process.once(signal, () => {
      // Miniflare would end the process at once, before anything else is unwound.
      process.exit = (() => undefined) as unknown as typeof process.exit;
      reject(new Error(signal));
    }),
  );
}

function tooLong(): Promise<never> {
  const seconds = LONGER_S[name] ?? LIMIT_S;
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${name} was not through in ${seconds} s`)), seconds * 1000).unref();
  });
}
