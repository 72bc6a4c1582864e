import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findLiveKit } from '../livekit/find.ts';
import { pagesAreBuilt } from './built-pages.ts';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import { demoLogins, seedDemoLogins } from './demo-logins.ts';
import { seedDemoVehicles } from './demo-vehicles.ts';
import { seedLabCarrier } from './lab-carrier.ts';
import type { StackMediaServer } from './media-server.ts';
import { bringUpLiveKit } from './media-server.ts';
import { ROOT, WORKSPACE, bin } from './paths.ts';
import { freePort } from './ports.ts';
import type { WorkerServer } from './worker-server.ts';
import { bundleWorker, startWorker } from './worker-server.ts';

export interface StackOptions {
  /** Where logs and state go; below `.earshot/`. */
  readonly name: string;
  /** Keeps calls and accounts from one run to the next. */
  readonly keepState: boolean;
  /** `dev`: vite with reload; `built`: the built pages, as deployed; `none`. */
  readonly web: 'dev' | 'built' | 'none';
  /** Scripted calls kept in progress. */
  readonly labCalls: number;
  readonly seats: number;
  readonly webPort?: number;
  readonly minify?: boolean;
  /** False: agent hosts are started by whoever asked for the stack. Default true: one, named `local`. */
  readonly agentHost?: boolean;
  /** Settings of the Worker beside those every stack needs. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `off`: rates are as good as unlimited, for who sends thousands of requests on purpose. */
  readonly limits?: 'off';
  /** Hears what the Worker logs. Default: a file beside the other logs. */
  readonly workerLog?: (line: string) => void;
  readonly progress: (line: string) => void;
  /** Given at once, so that a half-started stack can be stopped as well. */
  readonly onStop?: (stop: () => Promise<void>) => void;
}

/** The whole product on this machine: media server, Worker, agent host, lab voices, callers, pages. */
export interface Stack {
  readonly webUrl: string;
  readonly worker: WorkerServer;
  /** Null where calls are scripted without sound. */
  readonly livekit: StackMediaServer | null;
  readonly labKey: string;
  readonly labUrl: string;
  /** The lab's telephone exchange. */
  readonly labPhoneUrl: string;
  readonly agentHostKey: string;
  readonly logDir: string;
  agentHost(): Child | null;
  /** Resolves when it is ready for calls. `env` goes before what the stack would set. */
  startAgentHost(name?: string, env?: Readonly<Record<string, string>>): Promise<Child>;
  startCallers(calls: number): Child;
  stop(): Promise<void>;
}

const secret = (): string => randomBytes(24).toString('base64url');

/** Starts everything, in the order it depends on each other. What was started before a failure is stopped again. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each().catch(() => undefined);
  };
  options.onStop?.(stop);
  try {
    return await build(options, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  options: StackOptions,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const { progress } = options;
  const home = join(WORKSPACE, options.name);
  const logDir = join(home, 'logs');
  mkdirSync(logDir, { recursive: true });
  const logFile = (name: string): string => join(logDir, `${name}.log`);
  const spawnNode = (name: string, args: readonly string[], env: Record<string, string | undefined>): Child =>
    startChild(name, [process.execPath, ...args], { env, cwd: ROOT, logFile: logFile(name) });

  progress('Looking for a media server');
  const found = await findLiveKit({ onProgress: slowly(progress) });
  const workerPort = await freePort(8787);
  const workerUrl = `http://127.0.0.1:${workerPort}`;
  const livekit = await bringUpLiveKit(found, { workerUrl, apiSecret: secret() + secret(), logFile }, stops);
  progress(
    livekit === null
      ? `No media server: ${found.kind === 'none' ? found.reason : ''}. Calls are scripted without sound`
      : `Media server at ${livekit.url}`,
  );

  const webPort = await freePort(options.webPort ?? 5173);
  const webUrl = `http://localhost:${webPort}`;
  const labKey = secret();
  const labPort = await freePort(8790);
  const labUrl = `http://127.0.0.1:${labPort}/v1`;
  const labPhoneUrl = `http://127.0.0.1:${await freePort(8791)}`;
  const agentHostKey = secret();
  const simulated = ['callers', 'speech', ...(livekit === null ? ['media'] : [])];

  progress('Bundling the Worker');
  const bundleDir = await bundleWorker(join(home, 'worker'), options.minify ?? false);
  const worker = await startWorker({
    bundleDir,
    port: workerPort,
    stateDir: options.keepState ? join(home, 'state') : null,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    log: options.workerLog ?? linesInto(logFile('worker')),
    bindings: {
      APP_ORIGINS: `${webUrl},http://127.0.0.1:${webPort}`,
      AUTH_SECRET: secret() + secret(),
      DOOR_SECRET: secret(),
      AGENT_HOST_KEY: agentHostKey,
      LAB_KEY: labKey,
      // Telephones need rooms.
      ...(livekit === null
        ? {}
        : { LAB_PHONE_URL: labPhoneUrl, RESULT_MODEL_URL: labUrl, RESULT_MODEL: 'lab-llm' }),
      PUBLIC_URL: workerUrl,
      SIMULATED: simulated.join(','),
      ...options.settings,
      ...given('WEBHOOK_TEST_RECEIVERS', 'VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'VAPID_SUBJECT'),
      DEMO_LOGINS: JSON.stringify(demoLogins.map(({ email, password, role }) => ({ email, password, role }))),
      ...(livekit === null
        ? {}
        : {
            LIVEKIT_URL: livekit.url,
            LIVEKIT_API_KEY: livekit.apiKey,
            LIVEKIT_API_SECRET: livekit.apiSecret,
          }),
    },
  });
  stops.push(() => worker.stop());
  await seedDemoLogins(worker.database);
  if (livekit !== null) {
    await seedLabCarrier(worker.database);
    await seedDemoVehicles(worker.database);
  }
  progress(`Worker at ${worker.url}`);

  if (livekit !== null) {
    const lab = spawnNode('lab', ['agent-host/lab/server.ts'], {
      LAB_PORT: String(labPort),
      LAB_HOST: '127.0.0.1',
    });
    stops.push(() => lab.stop());
    await untilHealthy(`http://127.0.0.1:${labPort}/health`, lab);
    progress('Lab voices ready');
    const telephone = spawnNode('lab-telephone', ['agent-host/lab/telephone/server.ts'], {
      LAB_PHONE_PORT: new URL(labPhoneUrl).port,
      WORKER_URL: worker.url,
      LAB_KEY: labKey,
      NODE_ENV: 'production',
    });
    stops.push(() => telephone.stop());
    await untilHealthy(`${labPhoneUrl}/health`, telephone);
  }

  let agentHost: Child | null = null;
  const startAgentHost: Stack['startAgentHost'] = async (name = 'local', env = {}) => {
    if (livekit === null) throw new Error('without a media server there is no agent host');
    const child = spawnNode(`agent-host-${name}`, ['agent-host/src/main.ts'], {
      LIVEKIT_URL: livekit.url,
      LIVEKIT_API_KEY: livekit.apiKey,
      LIVEKIT_API_SECRET: livekit.apiSecret,
      WORKER_URL: worker.url,
      AGENT_HOST_KEY: agentHostKey,
      SEATS: String(options.seats),
      SPEECH_PROVIDER: process.env.OPENAI_API_KEY ? 'openai' : 'lab',
      LAB_URL: labUrl,
      HOST_NAME: name,
      HEALTH_PORT: String(await freePort()),
      EARSHOT_SPOOL: join(home, 'spool', name),
      ...env,
    });
    stops.push(() => child.stop(8_000));
    agentHost = child;
    await child.line(/ready, \d+ seats/, 120_000);
    return child;
  };
  const startCallers = (calls: number): Child => {
    const script = livekit === null ? 'agent-host/lab/silent-calls.ts' : 'agent-host/lab/call-loop.ts';
    const child = spawnNode('callers', [script], {
      WORKER_URL: worker.url,
      LAB_KEY: labKey,
      AGENT_HOST_KEY: agentHostKey,
      LAB_CALLS: String(calls),
    });
    stops.push(() => child.stop(5_000));
    return child;
  };

  if (options.web !== 'none')
    await startWeb(options.web, webPort, worker.url, { webLog: logFile('web'), stops, progress });
  if (livekit !== null && options.agentHost !== false) {
    progress('Starting the agent host (loads its models)');
    await startAgentHost();
  }
  if (options.labCalls > 0) startCallers(options.labCalls);

  return {
    webUrl,
    worker,
    livekit,
    labKey,
    labUrl,
    labPhoneUrl,
    agentHostKey,
    logDir,
    agentHost: () => agentHost,
    startAgentHost,
    startCallers,
    stop,
  };
}

/** Settings handed on from this process's own environment, where they are set. */
const given = (...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

function linesInto(file: string): (line: string) => void {
  const stream = createWriteStream(file);
  return (line) => void stream.write(`${line}\n`);
}

interface Hands {
  readonly webLog: string;
  readonly stops: (() => Promise<void>)[];
  readonly progress: (line: string) => void;
}

async function startWeb(kind: 'dev' | 'built', port: number, workerUrl: string, hands: Hands): Promise<void> {
  const env = { WORKER_URL: workerUrl, WEB_PORT: String(port), WEB_HOST: '127.0.0.1' };
  const vite = (...args: string[]): Child =>
    startChild('web', [process.execPath, bin('vite'), ...args], {
      env,
      cwd: join(ROOT, 'web'),
      logFile: hands.webLog,
    });
  if (kind === 'built' && !pagesAreBuilt()) {
    hands.progress('Building the pages');
    const build = vite('build');
    const code = await build.exited;
    if (code !== 0) throw new Error(`the pages could not be built (${code}): see logs/web.log`);
  }
  const server = vite(kind === 'dev' ? 'dev' : 'preview');
  hands.stops.push(() => server.stop());
  await untilHealthy(`http://127.0.0.1:${port}/`, server);
  hands.progress(`Pages at http://localhost:${port}`);
}

/** A build reports each second; a person wants to hear of it every ten. */
function slowly(progress: (line: string) => void): (step: { doing: string; elapsedSeconds: number }) => void {
  return ({ doing, elapsedSeconds }) => {
    if (Math.round(elapsedSeconds) % 10 === 0) progress(`${doing}, ${Math.round(elapsedSeconds)} s`);
  };
}

/** Waits until the address answers, or the process behind it has ended. */
async function untilHealthy(url: string, child: Child): Promise<void> {
  let ended: number | string | null = null;
  void child.exited.then((code) => (ended = code));
  const deadlineMs = Date.now() + 60_000;
  while (Date.now() < deadlineMs) {
    if (ended !== null) throw new Error(`${child.name} ended (${String(ended)}) before it answered`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${child.name} does not answer at ${url}`);
}
