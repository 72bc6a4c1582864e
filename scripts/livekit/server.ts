import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child } from '../stack/child.ts';
import { startChild } from '../stack/child.ts';
import { ROOT } from '../stack/paths.ts';
import type { LiveKitFound } from './find.ts';

export interface LiveKitOptions {
  readonly resolved: Extract<LiveKitFound, { kind: 'binary' | 'docker' }>;
  readonly port: number;
  readonly rtcTcpPort: number;
  readonly udpPort: number;
  /** Where its webhooks go, signed with `apiKey`. */
  readonly webhookUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly logFile: string;
}

export interface RunningLiveKit {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** As if the machine lost power: nothing is said to anyone. */
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;

/** Starts a media server on loopback and waits until it answers. Nothing of it is left behind after `stop` or `kill`. */
export async function startLiveKit(options: LiveKitOptions): Promise<RunningLiveKit> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-livekit-'));
  const config = join(folder, 'livekit.yaml');
  await writeFile(config, configOf(options), { mode: 0o600 });
  const child = startChild('livekit', commandOf(options.resolved, config), {
    cwd: ROOT,
    env: {},
    logFile: options.logFile,
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (signal === 'SIGKILL') child.signal('SIGKILL');
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(`http://127.0.0.1:${options.port}/`, child);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url: `ws://127.0.0.1:${options.port}`,
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    pid: child.pid,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** JSON is YAML: quoting is JSON's. */
function configOf(options: LiveKitOptions): string {
  return JSON.stringify({
    port: options.port,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      tcp_port: options.rtcTcpPort,
      udp_port: options.udpPort,
      use_external_ip: false,
      node_ip: '127.0.0.1',
    },
    keys: { [options.apiKey]: options.apiSecret },
    logging: { level: 'info', json: true },
    room: { empty_timeout: 60, departure_timeout: 10 },
    webhook: { api_key: options.apiKey, urls: [options.webhookUrl] },
  });
}

function commandOf(resolved: LiveKitOptions['resolved'], config: string): string[] {
  if (resolved.kind === 'binary') return [resolved.path, '--config', config];
  return ['docker', 'run', '--rm', '--network', 'host', '-v', `${config}:/livekit.yaml:ro`, resolved.image, '--config', '/livekit.yaml'];
}

async function untilItAnswers(url: string, child: Child): Promise<void> {
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  let ended: number | string | null = null;
  void child.exited.then((code) => (ended = code));
  while (Date.now() < deadlineMs) {
    if (ended !== null) throw new Error(`the media server ended (${String(ended)}): ${child.lastLines(5)}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the media server does not answer at ${url}`);
}
