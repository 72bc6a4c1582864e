import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from './check.ts';
import { requireChromium } from './chromium.ts';
import { WORKSPACE } from './stack/paths.ts';
import type { Step } from './steps.ts';
import { runStep, tool } from './steps.ts';

/** `npm test`: every test there is. Ends with one line that counts them all. */
let passed = 0;
let failed = 0;
const count = (ok: boolean): void => {
  if (ok) passed++;
  else failed++;
};

/** A vitest run whose tests are counted one by one; a run that breaks before it reports counts as a failure. */
async function suite(name: string, reportName: string, ...args: string[]): Promise<void> {
  const report = join(WORKSPACE, 'reports', `${reportName}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = await runStep(tool(name, 'vitest', 'run', ...args, ...reporters));
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    if (!ok && result.numFailedTests === 0) failed++;
  } catch {
    failed++;
  }
}

mkdirSync(join(WORKSPACE, 'reports'), { recursive: true });
requireChromium();
const build: Step = { name: 'build', command: [process.execPath, 'scripts/build.ts'] };
for (const step of [...checks, build]) count(await runStep(step));
await suite('unit and object tests', 'unit');
await suite('end to end', 'e2e', '--config', 'vitest.e2e.config.ts');

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
