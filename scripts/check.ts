import type { Step } from './steps.ts';
import { runStep, tool } from './steps.ts';

/** `npm run check`: format, lint, types, architecture. */
export const checks: readonly Step[] = [
  tool('format', 'prettier', '--check', '--log-level', 'warn', '.'),
  tool('lint', 'eslint', '--max-warnings', '0', '.'),
  tool('types of the Worker', 'tsc', '-p', 'tsconfig.worker.json'),
  tool('types of what runs in Node', 'tsc', '-p', 'tsconfig.node.json'),
  tool('types of the Worker’s tests', 'tsc', '-p', 'tsconfig.worker-tests.json'),
  { name: 'types of the pages', command: ['npm', 'run', '--silent', 'check', '-w', 'web'] },
];
const architecture = tool('architecture', 'vitest', 'run', '--project', 'node', 'tests/architecture');

if (import.meta.main) {
  let failed = 0;
  for (const step of [...checks, architecture]) if (!(await runStep(step))) failed++;
  console.log(`\n${checks.length + 1 - failed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
