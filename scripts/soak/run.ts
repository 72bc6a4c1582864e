import { join } from 'node:path';
// First: it keeps LiveKit's client from writing twenty debug lines a second.
import '../../agent-host/lab/quiet-livekit.ts';
import { argumentsOf } from '../arguments.ts';
import { WORKSPACE } from '../stack/paths.ts';
import { reportOf } from './report.ts';
import { soak } from './soak.ts';

/**
 * `npm run soak -- --minutes M [--seed S]`: real calls on this machine while agents are killed, machines freeze, the
 * Worker and the media server restart and the wire between them is cut; then the call rules are held against what is
 * left. Exit code 1 when one was broken. Logs, ledgers and evidence stay in `.earshot/soak`.
 */
const args = argumentsOf(process.argv.slice(2));

const startedAtMs = Date.now();
const say = (line: string): void => {
  console.log(`${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s  ${line}`);
};

let stopStack = async (): Promise<void> => {};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('\nStopping …');
    void stopStack().then(() => process.exit(130));
  });
}

const result = await soak({
  name: 'soak',
  minutes: args.positive('--minutes', 5),
  seed: args.positive('--seed', Math.floor(Math.random() * 1_000_000)),
  say,
  onStop: (stop) => (stopStack = stop),
});
console.log(reportOf(result));
console.log(`\nLogs, ledgers, evidence: ${join(WORKSPACE, 'soak')}`);
// The media library keeps threads of its own.
process.exit(result.findings.every(({ violations }) => violations.length === 0) ? 0 : 1);
