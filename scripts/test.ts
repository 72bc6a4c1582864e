import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from './check.ts';
import { requireChromium } from './chromium.ts';
import { WORKSPACE } from './stack/paths.ts';
import type { Step } from './steps.ts';
import { runStep, tool } from './steps.ts';

/** `npm test`: every test there is but the long ones of a single thing. Ends with one line that counts them all. */
let passed = 0;
/** By name: the last thing a long log says is what broke. */
const failures: string[] = [];
const count = (ok: boolean, name: string): void => {
  if (ok) passed++;
  else failures.push(name);
};

/** A vitest run whose tests are counted one by one; a run that breaks before it reports counts as a failure. */
async function suite(name: string, reportName: string, ...args: string[]): Promise<void> {
  const report = join(WORKSPACE, 'reports', `${reportName}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = await runStep(tool(name, 'vitest', 'run', ...args, ...reporters));
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
    const failed = failedIn(result);
    passed += result.numPassedTests;
    failures.push(...failed);
    if (!ok && failed.length === 0) failures.push(name);
  } catch {
    failures.push(`${name}: no report`);
  }
}

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Failed tests, and files that broke before they could run one. */
function failedIn({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((each) => each.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [name] : [];
    return failed.map((each) => `${name}: ${each.fullName}`);
  });
}

mkdirSync(join(WORKSPACE, 'reports'), { recursive: true });
requireChromium();
const build: Step = { name: 'build', command: [process.execPath, 'scripts/build.ts'] };
for (const step of [...checks, build]) count(await runStep(step), step.name);
await suite('unit and object tests', 'unit');
/**
 * Commands of their own, for a change should be judged within half an hour on two cores: `npm run soak`, which `npm run e2e -- soak` is two
 * minutes of, and `npm run e2e -- outage`: what it takes away one by one, `agents` loses in a single call.
 */
const apart = ['soak', 'outage'].flatMap((name) => ['--exclude', `tests/e2e/${name}.e2e.ts`]);
await suite('end to end', 'e2e', '--config', 'vitest.e2e.config.ts', ...apart);

for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
