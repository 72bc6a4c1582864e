import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { demoLogins, seedDemoLogins } from '../scripts/stack/demo-logins.ts';
import { freePort } from '../scripts/stack/ports.ts';
import type { WorkerServer } from '../scripts/stack/worker-server.ts';
import { bundleWorker, startWorker } from '../scripts/stack/worker-server.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';

/** The minified bundle in workerd with nothing around it, and hands to drive it. */
export interface BareWorker {
  readonly worker: WorkerServer;
  readonly cookie: string;
  /** A call whose agent door is open: the socket of its agent, after its hello. */
  openCall(): Promise<{ callId: string; agent: WebSocket }>;
  watch(callId: string): Promise<WebSocket>;
  stop(): Promise<void>;
}

export async function startBareWorker(): Promise<BareWorker> {
  const dir = mkdtempSync(join(tmpdir(), 'earshot-bench-'));
  const secret = (): string => randomBytes(24).toString('base64url');
  const labKey = secret();
  const agentHostKey = secret();
  const worker = await startWorker({
    bundleDir: await bundleWorker(join(dir, 'worker'), true),
    port: await freePort(),
    stateDir: join(dir, 'state'),
    bindings: {
      APP_ORIGINS: 'http://bench.test',
      AUTH_SECRET: secret() + secret(),
      DOOR_SECRET: secret(),
      AGENT_HOST_KEY: agentHostKey,
      LAB_KEY: labKey,
      SIMULATED: 'media,speech,callers',
    },
  });
  await seedDemoLogins(worker.database);
  const [admin] = demoLogins;
  const signedIn = await fetch(`${worker.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://bench.test' },
    body: JSON.stringify({ email: admin.email, password: admin.password }),
  });
  const cookie = signedIn.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
  const sockets = worker.url.replace('http', 'ws');
  const post = async (path: string, key: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${worker.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    worker,
    cookie,
    async openCall() {
      await post('/api/fleet/heartbeat', agentHostKey, {
        protocol: PROTOCOL_VERSION,
        hostId: 'silent',
        agentName: 'silent',
        startedAtMs: Date.now(),
        seats: 1000,
        activeCallIds: [],
        draining: false,
        callsFailed: 0,
        callsServed: 0,
        firstAudioP95Ms: null,
      });
      const created = (await post('/api/calls', labKey, {
        profile: 'auto-sales',
        channel: 'lab',
        contact: { name: 'Bench' },
      })) as { call: { id: string }; doorToken: string };
      const callId = created.call.id;
      const agent = await openWhenOffered(`${sockets}/ws/agent/${callId}`, created.doorToken);
      return { callId, agent };
    },
    watch: (callId) => open(`${sockets}/ws/calls/${callId}?v=${PROTOCOL_VERSION}`, { cookie }),
    async stop() {
      await worker.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function open(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** The offer is written a moment after the call: an agent that knocks too early is asked to come again. */
async function openWhenOffered(url: string, doorToken: string): Promise<WebSocket> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = await open(url, { authorization: `Bearer ${doorToken}` });
    const answer = new Promise<string>((resolve) =>
      socket.once('message', (raw) => resolve((JSON.parse(String(raw)) as { type: string }).type)),
    );
    socket.send(
      JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, session: 'bench', identity: 'agent-bench', clockMs: Date.now() }),
    );
    if ((await answer) === 'welcome') return socket;
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the call was never offered');
}
