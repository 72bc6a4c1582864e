/** Runs a program to its end and keeps the end of what it prints. */
import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** It ran, ended by itself within the time, and its exit code was 0. */
  readonly ok: boolean;
  /** The last {@link KEPT_CHARACTERS} of what it printed, errors included. */
  readonly output: string;
}

export interface RunOptions {
  /** Then it is killed, and the result is not ok. */
  readonly withinMs: number;
  readonly environment: NodeJS.ProcessEnv;
}

const KEPT_CHARACTERS = 8_000;

/** Never throws: a program that cannot be started is a result that is not ok. */
export function runProgram(
  path: string,
  args: readonly string[],
  { withinMs, environment }: RunOptions,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let output = '';
    const program = spawn(path, args, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: withinMs,
      killSignal: 'SIGKILL',
    });
    const keep = (piece: Buffer) => {
      output = (output + piece.toString()).slice(-KEPT_CHARACTERS);
    };
    program.stdout.on('data', keep);
    program.stderr.on('data', keep);
    program.once('error', (error) => resolve({ ok: false, output: error.message }));
    program.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}
