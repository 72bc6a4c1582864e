import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  /** Waits for a line that matches; fails with the last lines when the process ends first. */
  line(pattern: RegExp, timeoutMs: number): Promise<string>;
  lastLines(count: number): string;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM to the process and all it started, SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

const REMEMBERED_LINES = 30;

/** Starts a process in a group of its own, so that it can be ended with everything it forked. Output goes to `logFile`. */
export function startChild(
  name: string,
  command: readonly string[],
  options: {
    readonly env: Record<string, string | undefined>;
    readonly cwd: string;
    readonly logFile: string;
  },
): Child {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const lines: string[] = [];
  const waiting = new Set<(line: string | null) => void>();
  const heard = (line: string): void => {
    log.write(`${line}\n`);
    lines.push(line);
    if (lines.length > REMEMBERED_LINES) lines.shift();
    for (const each of waiting) each(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', heard);
  const exited = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      heard(String(error));
      resolve('could not start');
    });
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'ended');
      for (const each of waiting) each(null);
      log.end();
    });
  });
  return {
    name,
    pid: child.pid ?? 0,
    exited,
    line(pattern, timeoutMs) {
      return new Promise((resolve, reject) => {
        const found = lines.find((line) => pattern.test(line));
        if (found !== undefined) return resolve(found);
        const settle = (act: () => void): void => {
          waiting.delete(look);
          clearTimeout(timer);
          act();
        };
        const fail = (why: string): void =>
          settle(() => reject(new Error(`${name} ${why}. Its last lines:\n${lines.slice(-12).join('\n')}`)));
        const look = (line: string | null): void => {
          if (line === null) fail('ended early');
          else if (pattern.test(line)) settle(() => resolve(line));
        };
        const timer = setTimeout(() => fail(`did not say ${pattern} in ${timeoutMs / 1000} s`), timeoutMs);
        waiting.add(look);
      });
    },
    lastLines: (count) => lines.slice(-count).join('\n'),
    signal: (signal) => signalGroup(child, signal),
    async stop(graceMs = 5_000) {
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
      // What it forked may outlive it.
      signalGroup(child, 'SIGKILL');
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
