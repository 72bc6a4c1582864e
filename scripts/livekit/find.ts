import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { WORKSPACE } from '../stack/paths.ts';

/** The media server the product is built and measured against. */
export const LIVEKIT_VERSION = 'v1.13.3';
const GO_PACKAGE = `github.com/livekit/livekit-server/cmd/server@${LIVEKIT_VERSION}`;
const IMAGE = `livekit/livekit-server:${LIVEKIT_VERSION}`;
const MINIMUM_GO_MINOR = 24;
const BUILD_TIMEOUT_MS = 15 * 60_000;

export type LiveKitFound =
  /** Somebody runs one for us. */
  | { readonly kind: 'external'; readonly url: string; readonly apiKey: string; readonly apiSecret: string }
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'docker'; readonly image: string }
  /** Calls are scripted without sound. */
  | { readonly kind: 'none'; readonly reason: string };

export interface FindOptions {
  readonly progress: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
}

const run = promisify(execFile);

/**
 * A media server for development, in this order: `LIVEKIT_URL` and keys; a `livekit-server` on PATH or in the cache
 * (`.earshot/cache`, or EARSHOT_CACHE); Go, building the pinned version once into the cache; Docker; none.
 * @throws Error when LIVEKIT_URL is set without its keys: guessing would hide a mistake.
 */
export async function findLiveKit({ progress, env = process.env }: FindOptions): Promise<LiveKitFound> {
  if (env.EARSHOT_NO_LIVEKIT) return { kind: 'none', reason: 'EARSHOT_NO_LIVEKIT is set' };
  if (env.LIVEKIT_URL) {
    const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = env;
    if (!apiKey || !apiSecret) throw new Error('LIVEKIT_URL is set: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET as well');
    return { kind: 'external', url, apiKey, apiSecret };
  }
  const onPath = await whereIs('livekit-server', env);
  if (onPath !== null) return { kind: 'binary', path: onPath };
  const cached = cachePath(env);
  if (await isExecutable(cached)) return { kind: 'binary', path: cached };
  const reasons: string[] = ['no livekit-server on PATH'];
  const go = await whereIs('go', env);
  if (go === null) reasons.push('no Go to build one');
  else {
    const failure = await buildWithGo(go, cached, progress);
    if (failure === null) return { kind: 'binary', path: cached };
    reasons.push(failure);
  }
  if (await answers('docker', ['info'])) return { kind: 'docker', image: IMAGE };
  reasons.push('no Docker that answers');
  return { kind: 'none', reason: reasons.join(', ') };
}

function cachePath(env: NodeJS.ProcessEnv): string {
  const cache = env.EARSHOT_CACHE ?? join(WORKSPACE, 'cache');
  return join(cache, `livekit-server-${LIVEKIT_VERSION}-${process.platform}-${process.arch}`);
}

/** Builds beside the cache and moves the finished binary in, so that an interrupted build leaves nothing half-made. */
async function buildWithGo(go: string, target: string, progress: (line: string) => void): Promise<string | null> {
  const minor = /go1\.(\d+)/.exec((await run(go, ['version'])).stdout)?.[1];
  if (Number(minor ?? 0) < MINIMUM_GO_MINOR) return `Go is older than 1.${MINIMUM_GO_MINOR}`;
  await mkdir(join(target, '..'), { recursive: true });
  const workshop = await mkdtemp(`${target}-building-`);
  const startedAtMs = Date.now();
  progress(`Building the media server ${LIVEKIT_VERSION} with Go, once (one to five minutes)`);
  const ticking = setInterval(
    () => progress(`  still building the media server, ${Math.round((Date.now() - startedAtMs) / 1000)} s`),
    10_000,
  );
  try {
    await run(go, ['install', GO_PACKAGE], {
      env: { ...process.env, GOBIN: workshop, GOFLAGS: '-trimpath' },
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: 64 << 20,
    });
    await rename(join(workshop, 'server'), target);
    return null;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : '';
    return `Go could not build it (${said || 'no reason given'})`;
  } finally {
    clearInterval(ticking);
    await rm(workshop, { recursive: true, force: true });
  }
}

async function whereIs(program: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, program);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function answers(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, [...args], { timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}
