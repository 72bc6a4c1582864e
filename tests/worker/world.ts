import { runInDurableObject } from 'cloudflare:test';
import { env, exports } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import type { CallRoom } from '../../worker/index.ts';
import type { Media } from '../../domain/call/fact.ts';
import type { CallInput, Observation } from '../../domain/call/input.ts';
import type { Role } from '../../worker/access/principal.ts';
import type { Scope } from '../../protocol/api/scopes.ts';
import type { AgentDown } from '../../protocol/agent.ts';
import type { MonitorDown } from '../../protocol/monitor.ts';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { hashPassword } from '../../worker/accounts/password.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

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
export async function newCall(media: Media = 'silent'): Promise<{
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
    media,
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
): Promise<Listener<MonitorDown>> =>
  connect<MonitorDown>(`/ws/calls/${callId}?v=${PROTOCOL_VERSION}${query}`, headers);

export async function openAgentDoor(callId: string, claims = { offer: 1, hostId: 'host-1' }) {
  const token = await signDoorToken({ callId, ...claims }, 'test-door-secret-test-door-secret', Date.now());
  return connect<AgentDown>(`/ws/agent/${callId}`, { authorization: `Bearer ${token}` });
}

/** The agent of a call, who has said hello at its door and was welcomed. */
export async function welcomedAgent(
  callId: string,
  claims?: { offer: number; hostId: string },
  session = 's1',
) {
  const agent = await openAgentDoor(callId, claims);
  const hello = { session, identity: 'agent-1', clockMs: Date.now() };
  agent.say({ type: 'hello', protocol: PROTOCOL_VERSION, ...hello });
  const welcome = await agent.until((messages) => messages.find((each) => each.type === 'welcome'));
  return { agent, welcome };
}

export const eventsOf = (messages: MonitorDown[]) =>
  messages.flatMap((message) => (message.type === 'events' ? message.events : []));

export const PASSWORD = 'correct horse battery';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

/** An account of this role, as an accepted invitation leaves it. */
export async function newPerson(role: Role): Promise<Person> {
  const id = crypto.randomUUID();
  const email = `${role}-${id}@earshot.test`;
  const now = Date.now();
  await env.DB.batch([
    env.DB.prepare(
      'INSERT INTO user (id, name, email, emailVerified, role, createdAt, updatedAt) VALUES (?, ?, ?, 1, ?, ?, ?)',
    ).bind(id, `Test ${role}`, email, role, now, now),
    env.DB.prepare(
      `INSERT INTO account (id, accountId, providerId, userId, password, createdAt, updatedAt)
       VALUES (?, ?, 'credential', ?, ?, ?, ?)`,
    ).bind(crypto.randomUUID(), id, id, await hashPassword(PASSWORD), now, now),
  ]);
  return { id, email, password: PASSWORD };
}

/** An attempt from an address of its own, so that attempts are not counted together. */
export const attempt = (
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> => post(path, body, { 'cf-connecting-ip': crypto.randomUUID(), ...headers });

/** The cookies an answer sets, as a browser would send them back. */
export const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');

/** The headers that prove this person, from a session of its own. */
export async function signInAs(
  { email, password }: Pick<Person, 'email' | 'password'>,
  headers: Record<string, string> = {},
): Promise<{ cookie: string }> {
  const response = await attempt('/api/auth/sign-in/email', { email, password }, headers);
  if (response.status !== 204) throw new Error(`sign-in failed: ${response.status} ${await response.text()}`);
  return { cookie: cookiesOf(response) };
}

/** Signs a fresh user of this role in and gives the headers that prove it. */
export const signIn = async (role: Role): Promise<Record<string, string>> => signInAs(await newPerson(role));

/** Makes an API key with these scopes and gives the header that proves it. */
export async function apiKey(scopes: readonly Scope[]): Promise<Record<string, string>> {
  const response = await post('/api/keys', { name: 'test', scopes }, await signIn('admin'));
  const { secret } = await response.json<{ secret: string }>();
  return { authorization: `Bearer ${secret}` };
}

/** The next transaction of this life of the object throws, as a broken disk would; the runtime then resets the object. */
export async function failNextWrite(stub: DurableObjectStub<CallRoom>): Promise<void> {
  await runInDurableObject(stub, (_object, state) => {
    const storage = state.storage as { transactionSync: unknown };
    const real = state.storage.transactionSync.bind(state.storage);
    Object.defineProperty(storage, 'transactionSync', {
      configurable: true,
      value: () => {
        Object.defineProperty(storage, 'transactionSync', { configurable: true, value: real });
        throw new Error('storage failed');
      },
    });
  });
}
