import { env, exports } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { CallRoom } from '../../worker/index.ts';
import type { CallInput, Observation } from '../../domain/call/input.ts';
import type { Role } from '../../worker/access/principal.ts';
import type { AgentDown } from '../../protocol/agent.ts';
import type { MonitorDown } from '../../protocol/monitor.ts';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { hashPassword } from '../../worker/accounts/password.ts';

export const ORIGIN = 'http://earshot.test';
export const LAB = { authorization: 'Bearer test-lab-key-test-lab-key' };
export const HOST = { authorization: 'Bearer test-agent-host-key' };

/** A request to the Worker as a client would make it. */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${ORIGIN}${path}`, init));
}

export function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A call whose ledger has begun and nothing else: no media server is asked for anything. */
export async function newCall(): Promise<{
  callId: string;
  room: DurableObjectStub<CallRoom>;
}> {
  const callId = uuidv7();
  const room = env.CALL_ROOM.getByName(callId);
  await room.take({
    type: 'requestCall',
    callId,
    epoch: crypto.randomUUID(),
    room: `call-${callId}`,
    profile: 'auto-sales',
    channel: 'lab',
    media: 'silent',
    contact: { name: 'Robin' },
    requestedBy: 'test',
  });
  return { callId, room };
}

/** A call in progress: an agent was offered, came, and the customer is there. */
export async function callInProgress(session = 'session-1') {
  const { callId, room } = await newCall();
  const inputs: CallInput[] = [
    { type: 'agentChosen', hostId: 'host-1', agentName: 'silent' },
    {
      type: 'agentHello',
      offer: 1,
      session,
      hostId: 'host-1',
      identity: 'agent-1',
      agentClockMs: Date.now(),
    },
  ];
  for (const input of inputs) await room.take(input);
  return { callId, room, session };
}

export const words = (
  utteranceId: string,
  text: string,
  speaker: 'customer' | 'agent' = 'customer',
): Observation => ({
  type: 'wordsSpoken',
  utteranceId,
  speaker,
  text,
  startedAtMs: Date.now(),
  endedAtMs: Date.now(),
  interrupted: false,
});

/** A socket that keeps what it was sent and can be waited on. */
export class Listener<Message> {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  closed: { code: number; reason: string } | null = null;
  #wake: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', (event) => {
      this.messages.push(
        event.data === 'pong' ? (event.data as Message) : (JSON.parse(String(event.data)) as Message),
      );
      this.#ring();
    });
    socket.addEventListener('close', (event) => {
      this.closed = { code: event.code, reason: event.reason };
      this.#ring();
    });
    socket.accept();
  }

  /** Waits until `found` gives something for what has arrived. */
  async until<T>(found: (messages: Message[], listener: this) => T | undefined | false): Promise<T> {
    for (;;) {
      const result = found(this.messages, this);
      if (result !== undefined && result !== false) return result;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  #ring(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

export async function connect<Message>(
  path: string,
  headers: Record<string, string>,
): Promise<Listener<Message>> {
  const response = await ask(path, { headers: { upgrade: 'websocket', ...headers } });
  if (response.webSocket === null) throw new Error(`no socket: ${response.status} ${await response.text()}`);
  return new Listener<Message>(response.webSocket);
}

export const watch = (
  callId: string,
  headers: Record<string, string>,
  query = '',
): Promise<Listener<MonitorDown>> => connect<MonitorDown>(`/ws/calls/${callId}?v=1${query}`, headers);

export async function openAgentDoor(callId: string, claims = { offer: 1, hostId: 'host-1' }) {
  const token = await signDoorToken({ callId, ...claims }, 'test-door-secret-test-door-secret', Date.now());
  return connect<AgentDown>(`/ws/agent/${callId}`, { authorization: `Bearer ${token}` });
}

export const eventsOf = (messages: MonitorDown[]) =>
  messages.flatMap((message) => (message.type === 'events' ? message.events : []));

/** Signs a fresh user of this role in and gives the headers that prove it. */
export async function signIn(role: Role): Promise<Record<string, string>> {
  const id = crypto.randomUUID();
  const email = `${role}-${id}@earshot.test`;
  const password = 'correct horse battery';
  const now = Date.now();
  await env.DB.batch([
    env.DB.prepare(
      'INSERT INTO user (id, name, email, emailVerified, role, createdAt, updatedAt) VALUES (?, ?, ?, 1, ?, ?, ?)',
    ).bind(id, `Test ${role}`, email, role, now, now),
    env.DB.prepare(
      `INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt)
       VALUES (?, ?, 'credential', ?, ?, ?, ?)`,
    ).bind(crypto.randomUUID(), id, id, await hashPassword(password), now, now),
  ]);
  const response = await post('/api/auth/sign-in/email', { email, password }, { 'cf-connecting-ip': id });
  if (response.status !== 200) throw new Error(`sign-in failed: ${response.status} ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return { cookie };
}
