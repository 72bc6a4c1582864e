import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsOf } from './arguments.ts';
import { demoLogins } from './stack/demo-logins.ts';
import { WORKSPACE } from './stack/paths.ts';
import { startStack } from './stack/stack.ts';

/**
 * `npm run dev`: the whole product on this machine, from one command. Flags: `--fresh` forgets earlier calls,
 * `--calls N` scripted calls kept in progress (2), `--seats N` (4), `--built` serves the built pages.
 */
const args = argumentsOf(process.argv.slice(2));
/** Also none: `--calls 0` starts nobody. */
const whole = (flag: string, otherwise: number): number => {
  const given = args.number(flag, otherwise);
  return Number.isSafeInteger(given) ? given : otherwise;
};

const startedAtMs = Date.now();
const say = (line: string): void => {
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(5);
  console.log(`${seconds} s  ${line}`);
};

if (args.has('--fresh')) rmSync(join(WORKSPACE, 'dev', 'state'), { recursive: true, force: true });

let stopping = false;
let stopStack = async (): Promise<void> => {};
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  console.log('\nStopping: calls, agent host, Worker, media server …');
  await stopStack();
  console.log('Nothing is left running.');
  process.exit(0);
};
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());

try {
  const stack = await startStack({
    name: 'dev',
    keepState: true,
    web: args.has('--built') ? 'built' : 'dev',
    labCalls: whole('--calls', 2),
    seats: whole('--seats', 4),
    progress: say,
    onStop: (stopAll) => (stopStack = stopAll),
  });
  const [admin] = demoLogins;
  console.log(`
  Earshot is up: ${stack.webUrl}

  Sign in as     ${demoLogins.map((login) => login.email).join(', ')}
  Password       ${admin.password}
  Talk yourself  ${stack.webUrl}/talk/auto-sales

  Simulated here: the callers${stack.livekit === null ? ', their sound (no media server was found)' : ''}${process.env.OPENAI_API_KEY ? '' : ', speech and models (set OPENAI_API_KEY for real ones)'}.
  Logs: ${stack.logDir}.  Ctrl-C stops everything.
`);
} catch (error) {
  if (!stopping) {
    console.error(`\nIt did not start: ${error instanceof Error ? error.message : String(error)}`);
    await stopStack();
    process.exit(1);
  }
}
