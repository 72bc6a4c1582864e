/** Starts and ends a LiveKit server for development and for browser tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveKitConfig, type LiveKitConfig, type LiveKitPorts } from './config.ts';
import type { FoundLiveKit } from './find.ts';
import { runProgram } from './run-program.ts';

export interface StartLiveKit extends LiveKitConfig {
  /** From `findLiveKit`. With `external` and `none` there is nothing to start. */
  readonly resolved: Extract<FoundLiveKit, { kind: 'binary' | 'docker' }>;
  /** Everything the server prints is written there, anew at each start. */
  readonly logFile: string;
}

export interface RunningLiveKit {
  /** For clients: `ws://127.0.0.1:<port>`. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Of the server, or of the Docker client that holds it. */
  readonly pid: number;
  /** Lets the server end by itself, and after 5 s ends it. Callable twice. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. Callable twice. */
  kill(): Promise<void>;
}

/** Why a server did not come up; the message is for the person who started it. */
export class LiveKitStartError extends Error {
  override readonly name = 'LiveKitStartError';
}

/** Docker may have to fetch the image first. */
const READY_WITHIN_MS = { binary: 20_000, docker: 180_000 } as const;
const STOP_WITHIN_MS = 5_000;
const POLL_MS = 100;
const LOG_LINES_SHOWN = 8;
const DOCKER_WITHIN_MS = 20_000;

/**
 * Starts a server and waits until it answers.
 *
 * @throws LiveKitStartError when a port is taken, the program ends early, or it does not answer in time;
 *   nothing of it is left running then
 */
export async function startLiveKit(options: StartLiveKit): Promise<RunningLiveKit> {
  const { resolved, apiKey, apiSecret, port, logFile } = options;
  await assertPortsFree(options);

  const folder = await mkdtemp(join(tmpdir(), 'earshot-livekit-'));
  const configFile = join(folder, 'livekit.yaml');
  await writeFile(configFile, liveKitConfig(options), { mode: 0o600 });
  const container = `earshot-livekit-${port}-${process.pid}`;
  const server = launch(resolved, configFile, container, logFile);
  const ended = new Promise<void>((resolve) => {
    server.once('close', () => resolve());
    server.once('error', () => resolve());
  });

  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (isRunning(server)) {
      // Docker's client passes SIGTERM on to the container, but not SIGKILL.
      if (signal === 'SIGKILL') await removeContainer(resolved, container);
      server.kill(signal);
      const timer = setTimeout(() => {
        void removeContainer(resolved, container);
        server.kill('SIGKILL');
      }, STOP_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    }
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await untilReady(server, port, READY_WITHIN_MS[resolved.kind], logFile);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url: `ws://127.0.0.1:${port}`,
    apiKey,
    apiSecret,
    pid: server.pid!,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function launch(
  resolved: StartLiveKit['resolved'],
  configFile: string,
  container: string,
  logFile: string,
): ChildProcess {
  const log = openSync(logFile, 'w');
  try {
    const [program, args] =
      resolved.kind === 'binary'
        ? [resolved.path, ['--config', configFile]]
        : [
            resolved.docker,
            // Host networking: media needs the ports as they are. It exists on Linux only.
            [
              'run',
              '--rm',
              '--init',
              '--name',
              container,
              '--network',
              'host',
              '-v',
              `${configFile}:/livekit.yaml:ro`,
              resolved.image,
              '--config',
              '/livekit.yaml',
            ],
          ];
    return spawn(program, args, { stdio: ['ignore', log, log] });
  } finally {
    // The child has its own copy.
    closeSync(log);
  }
}

async function removeContainer(resolved: StartLiveKit['resolved'], container: string): Promise<void> {
  if (resolved.kind !== 'docker') return;
  await runProgram(resolved.docker, ['rm', '--force', container], {
    withinMs: DOCKER_WITHIN_MS,
    environment: process.env,
  });
}

async function untilReady(
  server: ChildProcess,
  port: number,
  withinMs: number,
  logFile: string,
): Promise<void> {
  let failure: Error | undefined;
  server.once('error', (error) => (failure = error));
  const deadlineMs = Date.now() + withinMs;
  while (Date.now() < deadlineMs) {
    // First of all: a program that cannot be started says so only after this turn.
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (failure) throw new LiveKitStartError(`livekit-server could not be started: ${failure.message}`);
    if (!isRunning(server)) {
      const how =
        server.exitCode === null ? `was ended by ${server.signalCode}` : `ended with code ${server.exitCode}`;
      throw new LiveKitStartError(`livekit-server ${how}.\n${await lastLines(logFile)}`);
    }
    if (await answers(port)) return;
  }
  throw new LiveKitStartError(
    `livekit-server did not answer within ${withinMs / 1000} s.\n${await lastLines(logFile)}`,
  );
}

function isRunning(server: ChildProcess): boolean {
  return server.pid !== undefined && server.exitCode === null && server.signalCode === null;
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function lastLines(logFile: string): Promise<string> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
}

/** livekit-server itself says of a taken port only that something failed. */
async function assertPortsFree({ port, rtcTcpPort }: LiveKitPorts): Promise<void> {
  for (const wanted of [port, rtcTcpPort]) {
    const probe = createServer();
    await new Promise<void>((resolve, reject) => {
      probe.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new LiveKitStartError(
            error.code === 'EADDRINUSE'
              ? `Port ${wanted} is taken by another program; LiveKit needs it.`
              : `Port ${wanted} cannot be used: ${error.message}`,
          ),
        ),
      );
      probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve()));
    });
  }
}
