import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { demoLogins, seedDemoLogins } from '../scripts/stack/demo-logins.ts';
import { ROOT, bin } from '../scripts/stack/paths.ts';
import { freePort } from '../scripts/stack/ports.ts';
import type { WorkerServer } from '../scripts/stack/worker-server.ts';
import { bundleWorker, startWorker } from '../scripts/stack/worker-server.ts';
import type { AgentDoor } from './agent-door.ts';
import { openAgentDoor } from './agent-door.ts';
import { signInCookie } from '../scripts/stack/sign-in.ts';

/** The host that all calls are offered to; no process stands behind it. */
const HOST = 'silent';
/** The protocol's limit for one host. */
const SEATS = 1000;
const HEARTBEAT_EVERY_MS = 5_000;

/** The minified bundle in workerd with nothing around it, and hands to drive it. */
export interface BareWorker {
  readonly worker: WorkerServer;
  /** Of a signed-in admin. */
  readonly cookie: string;
  /** Where WebSockets connect: `ws://…`. */
  readonly socketUrl: string;
  /** A folder of this run, on the same disk as the Worker's state. */
  readonly dir: string;
  /** The one host's, as every 5 s. */
  heartbeat(): Promise<void>;
  /** How many there have been. */
  heartbeats(): number;
  /** A call without sound, served: its agent's door is open and it pings. */
  openCall(): Promise<AgentDoor>;
  /** GET as the signed-in admin. */
  read<T>(path: string): Promise<T>;
  post<T>(path: string, authorization: string, body: unknown): Promise<T>;
  monitorUrl(callId: string): string;
}

/**
 * Starts it, with durable storage in a temporary folder. Everything is stopped and removed with `scope`.
 *
 * @param wrapper a module below `bench/worker/` that stands before the product's, to count or to drive; never shipped
 */
export async function startBareWorker(scope: AsyncDisposableStack, wrapper?: string): Promise<BareWorker> {
  const dir = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  scope.defer(remove);
  // Miniflare, told to stop twice, may never say that it has.
  process.once('exit', remove);
  const secret = (): string => randomBytes(24).toString('base64url');
  const labKey = secret();
  const agentHostKey = secret();
  const outDir = join(dir, 'worker');
  const bundleDir = await (wrapper === undefined ? bundleWorker(outDir) : bundleWrapped(outDir, wrapper));
  const worker = await startWorker({
    bundleDir,
    port: await freePort(),
    stateDir: join(dir, 'state'),
    // One signed-in user holds a thousand sockets.
    limits: 'off',
    bindings: {
      APP_ORIGINS: 'http://bench.test',
      AUTH_SECRET: secret() + secret(),
      DOOR_SECRET: secret(),
      AGENT_HOST_KEY: agentHostKey,
      LAB_KEY: labKey,
      SIMULATED: 'media,speech,callers',
    },
  });
  scope.defer(() => worker.stop());
  await seedDemoLogins(worker.database);
  const cookie = await signInCookie(worker.url, 'http://bench.test', demoLogins[0]);
  const socketUrl = worker.url.replace('http', 'ws');

  const post = async <T>(path: string, authorization: string, body: unknown): Promise<T> => {
    const response = await fetch(`${worker.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const startedAtMs = Date.now();
  const active: string[] = [];
  let beats = 0;
  const heartbeat = async (): Promise<void> => {
    beats++;
    await post('/api/fleet/heartbeat', `Bearer ${agentHostKey}`, {
      protocol: PROTOCOL_VERSION,
      hostId: HOST,
      agentName: HOST,
      startedAtMs,
      seats: SEATS,
      activeCallIds: active,
      draining: false,
      callsFailed: 0,
      callsServed: 0,
      firstAudioP95Ms: null,
    });
  };
  await heartbeat();
  const regular = setInterval(() => void heartbeat().catch(() => undefined), HEARTBEAT_EVERY_MS);
  scope.defer(() => clearInterval(regular));

  return {
    worker,
    cookie,
    socketUrl,
    dir,
    heartbeat,
    heartbeats: () => beats,
    async openCall() {
      const { call, doorToken } = await post<{ call: { id: string }; doorToken: string }>(
        '/api/calls',
        `Bearer ${labKey}`,
        { profile: 'auto-sales', channel: 'lab', contact: { name: 'Bench' } },
      );
      const door = await openAgentDoor(socketUrl, call.id, doorToken);
      scope.defer(() => door.close());
      active.push(call.id);
      return door;
    },
    async read<T>(path: string) {
      const response = await fetch(`${worker.url}${path}`, { headers: { cookie } });
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return (await response.json()) as T;
    },
    post,
    monitorUrl: (callId) => `${socketUrl}/ws/calls/${callId}?v=${PROTOCOL_VERSION}`,
  };
}

/** Bundles a module of the bench, which imports the product's, as the product is bundled. */
async function bundleWrapped(outDir: string, wrapper: string): Promise<string> {
  await promisify(execFile)(
    process.execPath,
    [bin('wrangler'), 'deploy', join('bench/worker', wrapper), '--dry-run', '--outdir', outDir, '--minify'],
    { cwd: ROOT, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' } },
  );
  renameSync(join(outDir, wrapper.replace(/\.ts$/, '.js')), join(outDir, 'index.js'));
  return outDir;
}
