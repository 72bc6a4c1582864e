/**
 * Finds a LiveKit server for development, so that a newcomer need not know what one is. In this order: one
 * that runs elsewhere (LIVEKIT_URL), the program on this machine, one that Go builds, Docker's.
 */
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './run-program.ts';

/** Newer tags do not build with `go install`. */
export const LIVEKIT_VERSION = 'v1.13.3';

const GO_PACKAGE = `github.com/livekit/livekit-server/cmd/server@${LIVEKIT_VERSION}`;
const DOCKER_IMAGE = `livekit/livekit-server:${LIVEKIT_VERSION}`;
/** livekit-server's go.mod asks for this. */
const GO_MIN_MINOR = 24;
/** A first build fetches and compiles some 300 modules: one minute on a fast machine, several on two cores. */
const BUILD_WITHIN_MS = 15 * 60_000;
const PROBE_WITHIN_MS = 10_000;
const PROGRESS_EVERY_MS = 1_000;
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

export type FoundLiveKit =
  /** Runs already; nothing to start. */
  | { readonly kind: 'external'; readonly url: string; readonly apiKey: string; readonly apiSecret: string }
  | { readonly kind: 'binary'; readonly path: string; readonly from: 'path' | 'cache' | 'built' }
  | { readonly kind: 'docker'; readonly docker: string; readonly image: string }
  /** `reason` is a sentence for the person who started development. */
  | { readonly kind: 'none'; readonly reason: string };

export interface FindOptions {
  /** Default `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Called about once a second while Go builds. */
  readonly onProgress?: (progress: { readonly doing: string; readonly elapsedSeconds: number }) => void;
}

/** Where a LiveKit server comes from on this machine. Never throws for what is merely missing. */
export async function findLiveKit({
  environment = process.env,
  onProgress,
}: FindOptions = {}): Promise<FoundLiveKit> {
  if (environment.LIVEKIT_URL) return external(environment);

  const installed = await programOnPath('livekit-server', environment);
  if (installed) return { kind: 'binary', path: installed, from: 'path' };

  const cached = cachedBinary(environment);
  if (await isExecutable(cached)) return { kind: 'binary', path: cached, from: 'cache' };

  const missing: string[] = [];
  const go = await usableGo(environment);
  if (go.path) {
    const failure = await build(go.path, cached, environment, onProgress);
    if (!failure) return { kind: 'binary', path: cached, from: 'built' };
    missing.push(failure);
  } else missing.push(go.reason);

  const docker = await programOnPath('docker', environment);
  if (docker && (await runProgram(docker, ['info'], { withinMs: PROBE_WITHIN_MS, environment })).ok) {
    return { kind: 'docker', docker, image: DOCKER_IMAGE };
  }
  missing.push(docker ? 'Docker is installed, but its daemon does not answer' : 'Docker is not installed');
  return { kind: 'none', reason: `No livekit-server was found: ${missing.join('; ')}.` };
}

function external({
  LIVEKIT_URL: url = '',
  LIVEKIT_API_KEY: apiKey,
  LIVEKIT_API_SECRET: apiSecret,
}: NodeJS.ProcessEnv): FoundLiveKit {
  if (apiKey && apiSecret) return { kind: 'external', url, apiKey, apiSecret };
  return { kind: 'none', reason: 'LIVEKIT_URL is set, but LIVEKIT_API_KEY or LIVEKIT_API_SECRET is not.' };
}

/** The place of the program that Go builds; EARSHOT_CACHE moves it. Another platform never finds it. */
function cachedBinary(environment: NodeJS.ProcessEnv): string {
  const cache = environment.EARSHOT_CACHE || join(REPOSITORY, '.earshot', 'cache');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return join(cache, `livekit-server-${LIVEKIT_VERSION}-${process.platform}-${process.arch}${suffix}`);
}

async function usableGo(environment: NodeJS.ProcessEnv): Promise<{ path?: string; reason: string }> {
  const path = await programOnPath('go', environment);
  if (!path) return { reason: 'Go is not installed' };
  const version = await runProgram(path, ['env', 'GOVERSION'], { withinMs: PROBE_WITHIN_MS, environment });
  const minor = Number(/go1\.(\d+)/.exec(version.output)?.[1] ?? NaN);
  if (minor >= GO_MIN_MINOR) return { path, reason: '' };
  return {
    reason: `Go 1.${GO_MIN_MINOR} or newer is needed, and this is ${version.output.trim() || 'unknown'}`,
  };
}

/** Builds the program into the cache; answers why not. Two builds at once are harmless: the last one wins. */
async function build(
  go: string,
  target: string,
  environment: NodeJS.ProcessEnv,
  onProgress: FindOptions['onProgress'],
): Promise<string | undefined> {
  const startedAtMs = Date.now();
  const report = () =>
    onProgress?.({
      doing: `building livekit-server ${LIVEKIT_VERSION}`,
      elapsedSeconds: Math.round((Date.now() - startedAtMs) / 1000),
    });
  const timer = setInterval(report, PROGRESS_EVERY_MS);
  report();
  let folder: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    // Beside the target, because a rename is atomic only within one file system.
    folder = await mkdtemp(join(dirname(target), '.building-'));
    const built = await runProgram(go, ['install', GO_PACKAGE], {
      withinMs: BUILD_WITHIN_MS,
      environment: { ...environment, GOBIN: folder, GOFLAGS: '', GOWORK: 'off' },
    });
    if (!built.ok)
      return `Go could not build livekit-server (${built.output.trim().split('\n').at(-1) ?? 'no message'})`;
    await rename(join(folder, process.platform === 'win32' ? 'server.exe' : 'server'), target);
    return undefined;
  } catch (error) {
    return `Go's build could not be kept (${error instanceof Error ? error.message : 'unknown failure'})`;
  } finally {
    clearInterval(timer);
    if (folder) await rm(folder, { recursive: true, force: true });
  }
}

async function programOnPath(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (environment.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const candidate of names) {
      const path = join(folder, candidate);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
