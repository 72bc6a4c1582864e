import { spawn } from 'node:child_process';
import { bin, ROOT } from './stack/paths.ts';

export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
}

/** A step that runs a program of ours from node_modules. */
export const tool = (name: string, program: string, ...args: string[]): Step => ({
  name,
  command: [process.execPath, bin(program), ...args],
});

/** Runs a step with its output shown. @returns whether it succeeded. */
export function runStep({ name, command, cwd }: Step): Promise<boolean> {
  const startedAtMs = Date.now();
  console.log(`\n── ${name}`);
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: cwd ?? ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, WRANGLER_SEND_METRICS: 'false', FORCE_COLOR: '0' },
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => {
      console.log(
        `── ${name}: ${code === 0 ? 'ok' : `failed (${code})`}, ${((Date.now() - startedAtMs) / 1000).toFixed(0)} s`,
      );
      resolve(code === 0);
    });
  });
}
