import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readD1Migrations } from '@cloudflare/vitest-plugin';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import type * as miniflareModule from 'miniflare';
import type { CallInput } from '../../domain/call/input.ts';
import type { Taken } from '../../durable-objects/live-call.ts';
import { ROOT, bin } from './paths.ts';

// Wrangler's own Miniflare, so that the runtime is the one the bundle was made for.
const requireFromWrangler = createRequire(createRequire(import.meta.url).resolve('wrangler/package.json'));
const { Miniflare, convertV4MiniflareOptions } = requireFromWrangler('miniflare') as typeof miniflareModule;

/** The Worker in workerd, from its deployable bundle and its real configuration, with local D1, R2 and objects. */
export interface WorkerServer {
  readonly url: string;
  /** This and `archive` are good until the next restart: read them anew after it. */
  readonly database: D1Database;
  readonly archive: R2Bucket;
  /** One call's object, for tests that ask for what no route does. */
  callRoom(callId: string): Promise<{ take(input: CallInput): Promise<Taken> }>;
  /** As a deploy does: every socket drops, storage stays. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Bundles with `wrangler deploy --dry-run`, the very artefact that is deployed. @returns the folder. */
export async function bundleWorker(outDir: string, minify = true): Promise<string> {
  await promisify(execFile)(
    process.execPath,
    [bin('wrangler'), 'deploy', '--dry-run', '--outdir', outDir, ...(minify ? ['--minify'] : [])],
    { cwd: ROOT, env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' } },
  );
  return outDir;
}

export async function startWorker(options: {
  readonly bundleDir: string;
  readonly port: number;
  /** Null keeps everything in memory. */
  readonly stateDir: string | null;
  readonly bindings: Readonly<Record<string, string>>;
  /** `off` lifts the rate limits of the configuration. */
  readonly limits?: 'off';
  /** Hears what the Worker and its runtime log. Default: this process's own output. */
  readonly log?: (line: string) => void;
}): Promise<WorkerServer> {
  // The bundle is one module: the rules for finding more of them have no meaning for it.
  const { modulesRules: _rules, ...workerOptions } = unstable_getMiniflareWorkerOptions(
    join(ROOT, 'wrangler.toml'),
  ).workerOptions;
  if (options.limits === 'off') workerOptions.ratelimits = unlimited(workerOptions.ratelimits as RateLimits);
  const { log } = options;
  const settings = convertV4MiniflareOptions({
    ...workerOptions,
    // Modules are looked up below it: the runtime refuses paths that climb out.
    rootPath: options.bundleDir,
    modules: true,
    scriptPath: 'index.js',
    bindings: { ...(workerOptions.bindings as Record<string, string>), ...options.bindings },
    host: '127.0.0.1',
    port: options.port,
    cf: false,
    ...(log === undefined
      ? {}
      : { handleStructuredLogs: ({ level, message }) => log(`${level} ${message}`) }),
    ...(options.stateDir === null ? {} : { resourcePersistencePath: options.stateDir }),
  });
  const miniflare = await withoutExitHooks(async () => {
    const started = new Miniflare(settings);
    await started.ready;
    return started;
  });
  const openStores = async () => ({
    database: (await miniflare.getD1Database('DB')) as unknown as D1Database,
    archive: (await miniflare.getR2Bucket('ARCHIVE')) as unknown as R2Bucket,
  });
  let stores = await openStores();
  await migrate(stores.database);
  return {
    url: `http://127.0.0.1:${options.port}`,
    get database() {
      return stores.database;
    },
    get archive() {
      return stores.archive;
    },
    async callRoom(callId) {
      const rooms = await miniflare.getDurableObjectNamespace('CALL_ROOM');
      return rooms.get(rooms.idFromName(callId)) as unknown as {
        take(input: CallInput): Promise<Taken>;
      };
    },
    async restart() {
      await miniflare.setOptions(settings);
      // The old ones are proxies into the runtime that is gone.
      stores = await openStores();
    },
    stop: () => miniflare.dispose(),
  };
}

type RateLimits = Record<string, { readonly simple: { readonly limit: number; readonly period: 10 | 60 } }>;

/** The same bindings with limits that nothing reaches. */
function unlimited(ratelimits: RateLimits): RateLimits {
  const simple = { limit: 1_000_000, period: 10 } as const;
  return Object.fromEntries(Object.entries(ratelimits).map(([name, each]) => [name, { ...each, simple }]));
}

/**
 * Miniflare ends the process at the first SIGINT, before anything else could be stopped in order. Whoever starts a Worker
 * stops it: the handlers it adds are taken away again.
 */
async function withoutExitHooks<T>(start: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  const started = await start();
  signals.forEach((signal, index) => {
    for (const each of process.listeners(signal)) if (!before[index]?.has(each)) process.off(signal, each);
  });
  return started;
}

/** Applies what is new in `migrations/`, remembering it where wrangler does. */
async function migrate(database: D1Database): Promise<void> {
  await database
    .prepare('CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)')
    .run();
  const applied = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const known = new Set(applied.results.map((row) => row.name));
  for (const { name, queries } of await readD1Migrations(join(ROOT, 'migrations'))) {
    if (known.has(name)) continue;
    await database.batch([
      ...queries.map((query) => database.prepare(query)),
      database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name),
    ]);
  }
}
