import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { AccessToken } from 'livekit-server-sdk';
import type { BoardDown } from '../../protocol/board.ts';
import { decodeJwt } from './jwt.ts';
import { describe, expect, it } from 'vitest';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import {
  HOST,
  LAB,
  ask,
  callInProgress,
  connect,
  newCall,
  openAgentDoor,
  post,
  signIn,
  words,
} from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

describe('signing in', () => {
  it('refuses a wrong password and an unknown address alike, and signs nobody up', async () => {
    const attempt = (path: string, body: unknown) =>
      post(path, body, { 'cf-connecting-ip': crypto.randomUUID() });
    const wrong = { email: 'nobody@earshot.test', password: 'wrong wrong wrong' };
    expect((await attempt('/api/auth/sign-in/email', wrong)).status).toBe(401);
    expect((await attempt('/api/auth/sign-up/email', { ...wrong, name: 'Mallory' })).status).toBe(404);
  });

  it('the session ends when it is signed out', async () => {
    const headers = await signIn('viewer');
    expect((await ask('/api/me', { headers })).status).toBe(200);
    await post('/api/auth/sign-out', {}, { ...headers, origin: 'http://earshot.test' });
    expect((await ask('/api/me', { headers })).status).toBe(401);
  });

  it('guessing is slowed down: 429 with Retry-After', async () => {
    const headers = { 'cf-connecting-ip': '192.0.2.77' };
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      statuses.push(
        (
          await post(
            '/api/auth/sign-in/email',
            { email: 'a@earshot.test', password: 'x'.repeat(12) },
            headers,
          )
        ).status,
      );
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  });
});

describe('GET /api/getToken', () => {
  it('lets a customer into one room with a microphone and no data channel, and requests the call', async () => {
    const response = await ask('/api/getToken?agent=auto-sales&name=Robin', {
      headers: { 'cf-connecting-ip': '192.0.2.1' },
    });
    const reply = await response.json<{ callId: string; token: string; room: string; identity: string }>();
    expect(response.status).toBe(200);
    const claims = decodeJwt(reply.token);
    expect(claims).toMatchObject({
      sub: `customer-${reply.callId}`,
      video: { room: reply.room, roomJoin: true, canPublishData: false, canPublishSources: ['microphone'] },
    });
    expect(Number(claims.exp) - Math.floor(Date.now() / 1000)).toBeLessThanOrEqual(120);
    expect(claims.video).not.toHaveProperty('roomAdmin');
    const { events } = (await env.CALL_ROOM.getByName(reply.callId).events(0))!;
    expect(events[0]).toMatchObject({
      type: 'callRequested',
      profile: 'auto-sales',
      channel: 'web',
      requestedBy: 'customer',
    });
  });

  it('refuses an unknown profile with a code', async () => {
    const response = await ask('/api/getToken?agent=nobody', {
      headers: { 'cf-connecting-ip': '192.0.2.2' },
    });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'profile_unknown' });
  });

  it('ten requests a second from one address: 429 with Retry-After', async () => {
    const headers = { 'cf-connecting-ip': '192.0.2.3' };
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => ask('/api/getToken?agent=auto-sales', { headers })),
    );
    const limited = responses.filter((each) => each.status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(4);
    expect(Number(limited[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(
      (await ask('/api/getToken?agent=auto-sales', { headers: { 'cf-connecting-ip': '192.0.2.4' } })).status,
    ).toBe(200);
  });
});

describe('POST /livekit/webhook', () => {
  const secret = 'test-livekit-secret-test-livekit-secret';
  const customerJoined = (callId: string, connection = 'PA_1') =>
    JSON.stringify({
      event: 'participant_joined',
      id: `EV_${crypto.randomUUID()}`,
      createdAt: String(Math.floor(Date.now() / 1000)),
      room: { name: `call-${callId}`, sid: 'RM_1' },
      participant: { identity: `customer-${callId}`, sid: connection },
    });

  async function signed(body: string, key = secret, ttl: number | string = '5m'): Promise<string> {
    const token = new AccessToken('test-key', key, { ttl });
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
    token.sha256 = btoa(String.fromCharCode(...new Uint8Array(hash)));
    return token.toJwt();
  }

  const send = (body: string, authorization: string) =>
    ask('/livekit/webhook', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/webhook+json' },
      body,
    });

  it('takes a signed event once, however often it comes', async () => {
    const { callId, room } = await newCall();
    const body = customerJoined(callId);
    for (let i = 0; i < 3; i++) expect((await send(body, await signed(body))).status).toBe(200);
    const joined = (await room.events(0))!.events.filter((event) => event.type === 'customerJoined');
    expect(joined).toHaveLength(1);
  });

  it('a wrong signature, a wrong body hash and a stale token are 401 and change nothing', async () => {
    const { callId, room } = await newCall();
    const before = (await room.events(0))!.head;
    const body = customerJoined(callId);
    const forged = await signed(body, 'another-secret-another-secret-another');
    const tampered = await signed(customerJoined(NOBODY));
    const stale = await signed(body, secret, -60);
    for (const authorization of [forged, tampered, stale, '', 'garbage']) {
      const response = await send(body, authorization);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'signature_invalid' });
    }
    expect((await room.events(0))!.head).toBe(before);
  });

  it('rooms and calls that are not ours are none of our business', async () => {
    for (const name of ['someone-elses-room', `call-${NOBODY}`]) {
      const body = JSON.stringify({
        event: 'room_finished',
        id: 'EV_1',
        createdAt: '1',
        room: { name, sid: 'RM_2' },
      });
      expect((await send(body, await signed(body))).status).toBe(200);
    }
    expect(await env.CALL_ROOM.getByName(NOBODY).events(0)).toBeNull();
  });
});

describe('tokens of the agent door', () => {
  it('open one call and no other; a forged one opens none', async () => {
    const { callId } = await newCall();
    const { callId: other } = await newCall();
    const token = await signDoorToken(
      { callId, offer: 1, hostId: 'h' },
      'test-door-secret-test-door-secret',
      Date.now(),
    );
    const forged = await signDoorToken({ callId, offer: 1, hostId: 'h' }, 'another-secret', Date.now());
    const stale = await signDoorToken(
      { callId, offer: 1, hostId: 'h' },
      'test-door-secret-test-door-secret',
      0,
    );
    const knock = async (id: string, bearer: string) =>
      (await ask(`/ws/agent/${id}`, { headers: { upgrade: 'websocket', authorization: `Bearer ${bearer}` } }))
        .status;
    expect(await knock(callId, token)).toBe(101);
    expect(await knock(other, token)).toBe(403);
    expect(await knock(callId, forged)).toBe(401);
    expect(await knock(callId, stale)).toBe(401);
  });

  it('LEDGER-1 the same door as POST: acknowledged, repeated, refused', async () => {
    const { callId, room, session } = await callInProgress();
    const token = await signDoorToken(
      { callId, offer: 1, hostId: 'host-1' },
      'test-door-secret-test-door-secret',
      Date.now(),
    );
    const observation = {
      type: 'wordsSpoken',
      utteranceId: 'u1',
      speaker: 'agent',
      text: 'Hello',
      startedAtMs: Date.now(),
      endedAtMs: Date.now(),
      interrupted: false,
    };
    const batch = {
      hello: { type: 'hello', protocol: PROTOCOL_VERSION, session, identity: 'agent-1', clockMs: Date.now() },
      observations: [{ id: 'o1', observation }],
    };
    const send = (body: unknown) =>
      post(`/api/agent/calls/${callId}/observations`, body, { authorization: `Bearer ${token}` });
    for (let i = 0; i < 2; i++)
      expect(await (await send(batch)).json()).toEqual({ results: [{ type: 'ack', id: 'o1' }] });
    expect(await room.transcript()).toHaveLength(1);
    expect((await send({ ...batch, observations: [{ id: 'o2', observation: { type: 'x' } }] })).status).toBe(
      400,
    );
    expect((await send({ ...batch, hello: { ...batch.hello, session: 'other' } })).status).toBe(409);
    expect((await send('x'.repeat(3_000_000))).status).toBe(413);
  });

  it('a token for the agent door is no session, and a session opens no agent door', async () => {
    const { callId } = await newCall();
    const agent = await openAgentDoor(callId);
    agent.socket.close();
    const viewer = await signIn('viewer');
    expect((await ask(`/ws/agent/${callId}`, { headers: { upgrade: 'websocket', ...viewer } })).status).toBe(
      401,
    );
  });
});

describe('creating calls', () => {
  it('lab callers can only make lab calls, and are told how to join', async () => {
    const body = { profile: 'auto-sales', channel: 'phone', contact: { name: 'Robin' } };
    const response = await post('/api/calls', body, LAB);
    expect(response.status).toBe(201);
    const created = await response.json<{ call: { id: string }; join: { room: string } }>();
    expect(created.join.room).toBe(`call-${created.call.id}`);
    expect((await env.CALL_ROOM.getByName(created.call.id).summary())!.channel).toBe('lab');
  });

  it.each([
    ['not JSON', '{'],
    ['an unknown field', { profile: 'auto-sales', channel: 'web', contact: { name: null }, admin: true }],
    ['a missing field', { profile: 'auto-sales', channel: 'web' }],
    ['a wrong channel', { profile: 'auto-sales', channel: 'telepathy', contact: { name: null } }],
  ])('%s is refused with the field named', async (_what, body) => {
    const response = await post('/api/calls', body, LAB);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'malformed', title: expect.any(String) });
  });
});

describe('the board', () => {
  it('begins a new count after its memory was lost, with every call as it stands now', async () => {
    const viewer = await signIn('viewer');
    const quiet = await callInProgress();
    const board = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, viewer);
    await quiet.room.observe(quiet.session, { id: 'o1', observation: words('u1', 'one') });
    const rowOf = (callId: string) => (messages: BoardDown[]) =>
      messages.at(-1)?.calls.find((call) => call.callId === callId);
    await board.until((messages) => rowOf(quiet.callId)(messages)?.utterances === 1);
    const before = board.messages.length;

    await evictDurableObject(env.BOARD.getByName('board'));
    const other = await callInProgress();
    await board.until((messages) => messages.slice(before).some((m) => m.type === 'snapshot'));
    await board.until((messages) => rowOf(other.callId)(messages)?.phase === 'inProgress');
    const again = board.messages.slice(before);
    expect(again[0]?.type).toBe('snapshot');
    expect(again.map((m) => m.version)).toEqual(again.map((_m, n) => (again[0]?.version ?? 0) + n));
    await board.until((messages) =>
      messages.slice(before).some((m) => rowOf(quiet.callId)([m])?.utterances === 1),
    );
  });

  it('shows a call appear, change and end, in numbered deltas without gaps', async () => {
    const viewer = await signIn('viewer');
    const board = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, viewer);
    const snapshot = await board.until((messages) => messages.find((m) => m.type === 'snapshot'));
    const { callId, room } = await callInProgress();
    const rows = () => board.messages.flatMap((m) => m.calls.filter((call) => call.callId === callId));
    await board.until(() => rows().some((row) => row.phase === 'inProgress'));
    await room.take({ type: 'hangUp', by: 'u1' });
    await board.until(() => rows().some((row) => row.phase === 'ended' && row.outcome === 'completed'));
    const versions = board.messages.map((m) => m.version);
    expect(versions).toEqual(versions.map((_v, index) => snapshot.version + index));
    const heads = rows().map((row) => row.head);
    expect(heads).toEqual([...heads].sort((a, b) => a - b));
  });

  it('shows the seats that hosts announce', async () => {
    const viewer = await signIn('viewer');
    const board = await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, viewer);
    const beat = {
      protocol: PROTOCOL_VERSION,
      hostId: 'host-a',
      agentName: 'host-a',
      startedAtMs: Date.now(),
      seats: 3,
      activeCallIds: [],
      draining: false,
      callsFailed: 0,
      callsServed: 0,
      firstAudioP95Ms: null,
    };
    expect(await (await post('/api/fleet/heartbeat', beat, HOST)).json()).toEqual({
      instruction: 'carryOn',
      announcements: [],
    });
    await board.until((messages) => messages.some((m) => m.seats.seats === 3));
    expect(await (await post('/api/fleet/heartbeat', { ...beat, protocol: 0 }, HOST)).json()).toMatchObject({
      instruction: 'drain',
    });
    await board.until((messages) => messages.some((m) => m.type === 'delta' && m.seats.seats === 0));
  });

  it('a page that is too old is told', async () => {
    const board = await connect('/ws/board?v=0', await signIn('viewer'));
    await board.until((_messages, listener) => listener.closed ?? undefined);
    expect(board.closed?.code).toBe(4426);
  });
});
