import { env } from 'cloudflare:workers';
import { AccessToken } from 'livekit-server-sdk';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { Order, SeatKind } from '../../domain/call/supervision.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { supervisionOf } from '../../domain/call/supervision.ts';
import { SEAT_TOKEN_MS, SeatReplySchema } from '../../protocol/api/supervision.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { decodeJwt } from './jwt.ts';
import {
  ask,
  apiKey,
  newCall,
  newPerson,
  openAgentDoor,
  welcomedAgent,
  post,
  signIn,
  signInAs,
  watch,
} from './world.ts';

type Headers = Record<string, string>;
let sam: Headers & { userId: string };
const NOBODY = '00000000-0000-7000-8000-000000000000';

beforeAll(async () => {
  const person = await newPerson('supervisor');
  sam = { ...(await signInAs(person)), userId: person.id };
});
const headersOf = ({ userId: _userId, ...headers }: Headers): Headers => headers;

/** A call in a room, answered: agent and customer are there. */
async function answered() {
  const { callId, room } = await newCall('livekit');
  await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'nobody' });
  const customer = { identity: `customer-${callId}`, connection: 'PA_1' };
  await room.take({ type: 'customerSeen', participant: customer });
  return { callId, room };
}

/** The agent of it, on its own socket. */
async function agentOf(callId: string, session = 's1') {
  const { agent } = await welcomedAgent(callId, undefined, session);
  return agent;
}

const seat = (callId: string, kind: SeatKind, headers: Headers = sam): Promise<Response> =>
  post(`/api/calls/${callId}/seats`, { seat: kind }, headersOf(headers));
const give = (
  callId: string,
  order: Order,
  orderId: string = crypto.randomUUID(),
  headers: Headers = sam,
): Promise<Response> => post(`/api/calls/${callId}/orders`, { orderId, order }, headersOf(headers));
const flag = (callId: string, note: string | null): Promise<Response> =>
  ask(`/api/calls/${callId}/flag`, {
    method: 'PUT',
    headers: { ...headersOf(sam), 'content-type': 'application/json' },
    body: JSON.stringify({ note }),
  });
const seated = async (callId: string, kind: SeatKind) =>
  SeatReplySchema.parse(await (await seat(callId, kind)).json());
const code = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { code?: unknown }).code;
const whisper = (text: string): Order => ({ kind: 'whisper', text, via: 'text' });

async function ledgerOf(callId: string): Promise<CallEvent[]> {
  return [...(await env.CALL_ROOM.getByName(callId).events(0))!.events];
}
const stateOf = async (callId: string) => supervisionOf(foldCall(await ledgerOf(callId))!);
const auditedOf = async (callId: string) =>
  (
    await env.DB.prepare('SELECT action, detail, actor FROM audit WHERE subject = ? ORDER BY at_ms, id')
      .bind(`call:${callId}`)
      .all()
  ).results;

describe('seats', () => {
  it.each([
    ['listen', 'call-', { hidden: true, canPublish: false, canSubscribe: true }],
    [
      'operator',
      'call-',
      { hidden: false, canPublish: true, canSubscribe: true, canPublishSources: ['microphone'] },
    ],
    [
      'whisper',
      'whisper-',
      { hidden: false, canPublish: true, canSubscribe: false, canPublishSources: ['microphone'] },
    ],
  ] as const)(
    'LISTEN-2 the token for %s is for one room, one identity and two minutes',
    async (kind, prefix, grants) => {
      const { callId } = await answered();
      const reply = await seated(callId, kind);
      const claims = decodeJwt(reply.token) as {
        sub: string;
        exp: number;
        nbf: number;
        name?: string;
        video: Record<string, unknown>;
      };
      expect(reply.room).toBe(`${prefix}${callId}`);
      expect(claims.video).toMatchObject({
        roomJoin: true,
        room: reply.room,
        ...grants,
        canPublishData: false,
        canUpdateOwnMetadata: false,
      });
      for (const power of ['roomAdmin', 'roomCreate', 'roomList', 'recorder', 'ingressAdmin'])
        expect(claims.video).not.toHaveProperty(power);
      expect(claims.sub).toBe(reply.identity);
      expect(claims.name ?? '').toBe('');
      expect(reply.identity).not.toContain(sam.userId);
      expect(claims.exp * 1000 - Date.now()).toBeLessThanOrEqual(SEAT_TOKEN_MS);
      // It is written down, and in the audit log, who may sit there.
      expect((await stateOf(callId)).seats).toMatchObject([
        { seat: kind, identity: reply.identity, by: `user:${sam.userId}`, byName: 'Test supervisor' },
      ]);
      expect(await auditedOf(callId)).toMatchObject([
        { action: kind === 'listen' ? 'call.listened' : 'call.seatTaken', actor: `user:${sam.userId}` },
      ]);
    },
  );

  it('LISTEN-1 neither an unknown nor an ended call lets anyone in, nor any role below', async () => {
    const { callId, room } = await answered();
    for (const role of ['operator', 'viewer'] as const)
      expect((await seat(callId, 'listen', await signIn(role))).status).toBe(403);
    expect((await seat(callId, 'listen', await apiKey(['calls:read', 'calls:write']))).status).toBe(403);
    expect((await seat(callId, 'listen', {})).status).toBe(401);
    expect((await seat(NOBODY, 'listen')).status).toBe(404);
    await room.take({ type: 'hangUp', by: 'test' });
    const late = await seat(callId, 'listen');
    expect([late.status, await code(late)]).toEqual([409, 'call_ended']);
    expect(await auditedOf(callId)).toEqual([]);
  });

  it('LISTEN-3 webhooks tell who sits there, hidden or not, and never make a customer of them', async () => {
    const { callId } = await answered();
    const listener = await seated(callId, 'listen');
    const whisperer = await seated(callId, 'whisper');
    for (const each of [listener, whisperer])
      expect((await webhook('participant_joined', each.room, each.identity)).status).toBe(200);
    const there = async () =>
      (await stateOf(callId)).seats.map((each) => each.takenAtMs !== null && each.leftAtMs === null);
    expect(await there()).toEqual([true, true]);
    await webhook('participant_left', listener.room, listener.identity);
    await webhook('room_finished', whisperer.room);
    expect(await there()).toEqual([false, true]);
    const call = foldCall(await ledgerOf(callId))!;
    expect(call.end).toBeNull();
    expect(call.customer).toMatchObject({ connection: 'PA_1' });
  });

  it('LISTEN-4 whoever loses the role is put out of the rooms and holds no line any more', async () => {
    const { callId } = await answered();
    const agent = await agentOf(callId);
    const person = await newPerson('supervisor');
    const headers = await signInAs(person);
    const { identity, room } = SeatReplySchema.parse(await (await seat(callId, 'operator', headers)).json());
    await webhook('participant_joined', room, identity);
    const order: Order = { kind: 'takeOver', identity };
    expect((await give(callId, order, undefined, headers)).status).toBe(202);
    const changed = await ask(`/api/users/${person.id}/role`, {
      method: 'PUT',
      headers: { ...(await signIn('admin')), 'content-type': 'application/json' },
      body: JSON.stringify({ role: 'viewer' }),
    });
    expect(changed.status).toBe(200);
    await vi.waitFor(
      async () => {
        const { line, seats } = await stateOf(callId);
        expect(line).toBeNull();
        expect(seats).toMatchObject([{ withdrawn: true }]);
        expect(await removedFrom(room)).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 100 },
    );
    await agent.until((messages) => messages.some((each) => each.type === 'steering' && each.line === null));
    // With the role their sessions ended too.
    expect((await give(callId, order, undefined, headers)).status).toBe(401);
  });
});

describe('orders', () => {
  it('STEER-1 is written in the name of who is signed in, once, and reaches the agent and those who watch', async () => {
    const { callId } = await answered();
    const agent = await agentOf(callId);
    const monitor = await watch(callId, headersOf(sam));
    const orderId = crypto.randomUUID();
    const text = 'One slot left at 15:40 <b onclick="x()">now</b> {{name}}';
    for (let time = 0; time < 3; time++)
      expect((await give(callId, whisper(text), orderId)).status).toBe(202);
    const told = await agent.until((messages) =>
      messages.find((each) => each.type === 'steering' && each.orders.length > 0),
    );
    expect(told).toMatchObject({ orders: [{ orderId, order: { text } }], line: null });
    agent.say({
      type: 'observe',
      observations: [
        { id: 'f1', observation: { type: 'orderFollowed', orderId, outcome: 'done', reason: null } },
      ],
    });
    await monitor.until((messages) =>
      messages.some((m) => m.type === 'events' && m.events.some((e) => e.type === 'orderFollowed')),
    );
    const given = (await ledgerOf(callId)).filter((each) => each.type === 'orderGiven');
    expect(given).toMatchObject([{ by: `user:${sam.userId}`, byName: 'Test supervisor', order: { text } }]);
    // Only the first is something that was done; and no word of it is in the log.
    const steered = (await auditedOf(callId)).filter((each) => each.action === 'call.steered');
    expect(steered).toMatchObject([{ detail: 'whisper', actor: `user:${sam.userId}` }]);
  });

  it('STEER-2 what waits is told again after a lost socket, and to a successor, who keeps silent while a person talks', async () => {
    const { callId, room } = await answered();
    const first = await agentOf(callId);
    const { identity } = await seated(callId, 'operator');
    const orderId = crypto.randomUUID();
    expect((await give(callId, { kind: 'takeOver', identity }, orderId)).status).toBe(202);
    first.socket.close();
    const back = await agentOf(callId);
    const welcome = back.messages.find((each) => each.type === 'welcome');
    expect(welcome).toMatchObject({ steering: { orders: [{ orderId }], line: { identity } } });
    await room.observe('s1', {
      id: 'e1',
      observation: { type: 'sessionEnding', by: 'error', reason: 'broke' },
    });
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'nobody' });
    const successor = await openAgentDoor(callId, { offer: 2, hostId: 'host-1' });
    successor.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 's2',
      identity: 'agent-2',
      clockMs: Date.now(),
    });
    const heard = await successor.until((messages) => messages.find((each) => each.type === 'welcome'));
    expect(heard).toMatchObject({ successor: true, steering: { orders: [], line: { identity } } });
  });

  it.each([
    ['10,000 characters', 'x'.repeat(10_000)],
    ['nothing', ''],
    ['blanks', '   '],
    ['control characters', 'a\u0000b'],
  ])('refuses %s', async (_what, text) => {
    const { callId } = await answered();
    expect((await give(callId, whisper(text))).status).toBe(400);
    expect(await ledgerOf(callId)).not.toContainEqual(expect.objectContaining({ type: 'orderGiven' }));
  });

  it('refuses with codes that say why', async () => {
    const { callId, room } = await answered();
    const { identity } = await seated(callId, 'operator');
    const refused = async (asked: Promise<Response>) => {
      const response = await asked;
      return [response.status, await code(response)];
    };
    expect(await refused(give(NOBODY, whisper('x')))).toEqual([404, 'call_unknown']);
    expect(await refused(give(callId, { kind: 'takeOver', identity }))).toEqual([409, 'no_agent_yet']);
    await agentOf(callId);
    const voice: Order = { kind: 'whisper', text: 'x', via: 'voice' };
    expect(await refused(give(callId, voice))).toEqual([400, 'malformed']);
    expect(await refused(give(callId, { kind: 'handBack', note: null }))).toEqual([409, 'line_free']);
    expect(await refused(give(callId, { kind: 'pauseRecording' }))).toEqual([409, 'not_recording']);
    const ben = await signIn('supervisor');
    expect(await refused(give(callId, { kind: 'takeOver', identity }, undefined, ben))).toEqual([
      403,
      'seat_not_yours',
    ]);
    expect((await give(callId, { kind: 'takeOver', identity })).status).toBe(202);
    expect(await refused(give(callId, { kind: 'handBack', note: null }, undefined, ben))).toEqual([
      409,
      'line_held',
    ]);
    expect((await give(callId, whisper('x'), undefined, await signIn('operator'))).status).toBe(403);
    await room.take({ type: 'hangUp', by: 'test' });
    expect(await refused(give(callId, whisper('x')))).toEqual([409, 'call_ended']);
  });

  it('the agent cannot whisper in anyone’s name but of whose seat it heard', async () => {
    const { callId, room } = await answered();
    await agentOf(callId);
    const { identity } = await seated(callId, 'whisper');
    const heard = (whisperId: string, from: string) =>
      room.observe('s1', {
        id: whisperId,
        observation: { type: 'voiceWhispered', whisperId, identity: from, text: 'say yes' },
      });
    expect(await heard('w1', 'whisper-other')).toMatchObject({ code: 'seat_not_yours' });
    expect(await heard('w2', identity)).toMatchObject({ type: 'ack' });
    expect((await ledgerOf(callId)).at(-1)).toMatchObject({
      type: 'orderGiven',
      by: `user:${sam.userId}`,
      order: { kind: 'whisper', via: 'voice', text: 'say yes' },
    });
  });
});

it('STEER-8 a mark is kept after the end too, in the row of the history', async () => {
  const { callId, room } = await answered();
  await room.take({ type: 'hangUp', by: 'test' });
  expect((await flag(callId, 'Listen to the price')).status).toBe(202);
  expect((await flag(callId, 'Listen to the price')).status).toBe(202);
  const row = async () =>
    JSON.parse(
      (await env.DB.prepare('SELECT summary FROM calls WHERE call_id = ?')
        .bind(callId)
        .first<string>('summary')) ?? '{}',
    ) as object;
  await vi.waitFor(
    async () =>
      expect(await row()).toMatchObject({ flag: { byName: 'Test supervisor', note: 'Listen to the price' } }),
    { timeout: 20_000, interval: 100 },
  );
  expect(await auditedOf(callId)).toMatchObject([{ action: 'call.flagged', detail: 'marked' }]);
  expect((await flag(callId, null)).status).toBe(202);
  await vi.waitFor(async () => expect(await row()).not.toHaveProperty('flag'), {
    timeout: 20_000,
    interval: 100,
  });
});

it('the customer’s connection is told to those who watch, and to who comes later', async () => {
  const { callId } = await answered();
  const agent = await agentOf(callId);
  const first = await watch(callId, headersOf(sam));
  agent.say({ type: 'quality', quality: 'poor' });
  await first.until((messages) =>
    messages.some((each) => each.type === 'quality' && each.quality === 'poor'),
  );
  const later = await watch(callId, headersOf(sam));
  const hello = await later.until((messages) => messages.find((each) => each.type === 'hello'));
  expect(hello).toMatchObject({ quality: 'poor' });
});

/** As LiveKit would send it. */
async function webhook(event: string, room: string, identity?: string): Promise<Response> {
  const body = JSON.stringify({
    event,
    id: crypto.randomUUID(),
    createdAt: String(Math.floor(Date.now() / 1000)),
    room: { name: room },
    ...(identity === undefined ? {} : { participant: { identity, sid: 'PA_1' } }),
  });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  const token = new AccessToken('test-key', 'test-livekit-secret-test-livekit-secret');
  token.sha256 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return ask('/livekit/webhook', {
    method: 'POST',
    headers: { authorization: await token.toJwt(), 'content-type': 'application/webhook+json' },
    body,
  });
}

async function removedFrom(room: string): Promise<number> {
  const report = await fetch(`http://livekit.test/report/${room}`);
  const { asked } = (await report.json()) as { asked: Record<string, number> };
  return asked.RemoveParticipant ?? 0;
}
