import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { AccessToken } from 'livekit-server-sdk';
import { uuidv7 } from 'uuidv7';
import { expect, it, vi } from 'vitest';
import type { RoomReport, Trouble } from './livekit-stand-in.ts';
import { ask, post, LAB } from './world.ts';

const SECRET = 'test-livekit-secret-test-livekit-secret';
const TIMES = 100;

async function signed(body: string): Promise<string> {
  const token = new AccessToken('test-key', SECRET, { ttl: '5m' });
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  token.sha256 = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return token.toJwt();
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const left = [...items];
  const out: T[] = [];
  for (let state = seed; left.length > 0;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    out.push(...left.splice(state % left.length, 1));
  }
  return out;
}

/** The webhooks that the media server would send of this call, each signed. */
async function webhooksOf(
  callId: string,
): Promise<Record<'joined' | 'left' | 'monitor' | 'finished', Webhook>> {
  const customer = { identity: `customer-${callId}`, sid: 'PA_1' };
  const webhook = async (name: string, participant?: object): Promise<Webhook> => {
    const body = JSON.stringify({
      event: name,
      id: `EV_${name}`,
      createdAt: String(Math.floor(Date.now() / 1000)),
      room: { name: `call-${callId}`, sid: 'RM_1' },
      ...(participant ? { participant } : {}),
    });
    return { body, token: await signed(body) };
  };
  return {
    joined: await webhook('participant_joined', customer),
    left: await webhook('participant_left', customer),
    monitor: await webhook('participant_joined', { identity: 'monitor-1', sid: 'PA_9' }),
    finished: await webhook('room_finished'),
  };
}

interface Webhook {
  readonly body: string;
  readonly token: string;
}

/** Each a hundred times in random order; all are answered with 200. */
async function storm(webhooks: readonly Webhook[], seed: number): Promise<void> {
  const all = shuffled(
    webhooks.flatMap((each) => Array.from({ length: TIMES }, () => each)),
    seed,
  );
  const statuses = new Set<number>();
  for (let at = 0; at < all.length; at += 40) {
    const wave = all
      .slice(at, at + 40)
      .map(({ body, token }) =>
        ask('/livekit/webhook', { method: 'POST', headers: { authorization: token }, body }),
      );
    for (const each of await Promise.all(wave)) statuses.add(each.status);
  }
  expect([...statuses]).toEqual([200]);
}

const report = async (callId: string): Promise<RoomReport> =>
  (await fetch(`http://livekit.test/report/call-${callId}`)).json<RoomReport>();

const agentHello = {
  type: 'agentHello',
  offer: 1,
  session: 's1',
  hostId: 'host-1',
  identity: 'agent-1',
  agentClockMs: 0,
} as const;

it.each([1, 2, 3])(
  'LEDGER-3 a storm: each webhook a hundred times in random order ends in one effect each (order %i)',
  async (seed) => {
    const response = await post(
      '/api/calls',
      { profile: 'auto-sales', channel: 'lab', contact: { name: null } },
      LAB,
    );
    const { call } = await response.json<{ call: { id: string } }>();
    const room = env.CALL_ROOM.getByName(call.id);
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    await room.take({ ...agentHello, agentClockMs: Date.now() });
    await storm(Object.values(await webhooksOf(call.id)), seed);
    await vi.waitFor(async () => expect((await room.summary())!.phase).toBe('ended'), {
      timeout: 10_000,
      interval: 50,
    });
    const types = (await room.events(0))!.events.map((each) => each.type);
    const times = (type: string): number => types.filter((each) => each === type).length;
    expect(times('callEnded')).toBe(1);
    for (const type of ['customerJoined', 'customerLeft']) expect(times(type)).toBeLessThanOrEqual(1);
    await vi.waitFor(async () => {
      const { asked } = await report(call.id);
      expect(asked).toMatchObject({ CreateRoom: 1, DeleteRoom: 1 });
      expect(asked['CreateDispatch'] ?? 0).toBeLessThanOrEqual(1);
    }, PATIENCE);
  },
  60_000,
);

/** A call whose media server will be in trouble: known before it is asked for the first time. */
async function troubledCall(trouble: Record<string, readonly Trouble[]>) {
  const callId = uuidv7();
  await fetch(`http://livekit.test/trouble/call-${callId}`, {
    method: 'POST',
    body: JSON.stringify(trouble),
  });
  const room = env.CALL_ROOM.getByName(callId);
  await room.take({
    type: 'requestCall',
    callId,
    epoch: crypto.randomUUID(),
    room: `call-${callId}`,
    profile: 'auto-sales',
    channel: 'lab',
    media: 'livekit',
    contact: { name: null },
    requestedBy: 'test',
  });
  return { callId, room };
}

/** How long a request may hang is the client's to say (5 s); two of them, and their retries. */
const PATIENCE = { timeout: 20_000, interval: 100 };

it.concurrent.each<[string, Record<string, readonly Trouble[]>, number]>([
  ['answers lost', { CreateRoom: ['fails', 'loses'], CreateDispatch: ['loses'], DeleteRoom: ['loses'] }, 1],
  [
    'never answering',
    { CreateRoom: ['hangs'], CreateDispatch: ['hangs', 'fails'], DeleteRoom: ['hangs'] },
    2,
  ],
  [
    'failing and losing',
    { CreateRoom: ['loses', 'fails'], CreateDispatch: ['fails', 'loses'], DeleteRoom: ['fails', 'hangs'] },
    3,
  ],
])(
  'EFFECT-1 a storm while the media server is in trouble (%s): each effect happens once in the end',
  async (_what, trouble, seed) => {
    const { callId, room } = await troubledCall(trouble);
    const { joined, left, monitor, finished } = await webhooksOf(callId);
    await storm([joined, monitor], seed);
    await vi.waitFor(
      async () => expect((await report(callId)).done).toMatchObject({ CreateRoom: 1 }),
      PATIENCE,
    );
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    await storm([joined, monitor], seed);
    await vi.waitFor(async () => {
      const { asked, done } = await report(callId);
      expect(done).toMatchObject({ CreateDispatch: 1 });
      // A dispatch whose answer was lost is looked for before it is placed again.
      if ((asked['CreateDispatch'] ?? 0) > 1 || trouble['CreateDispatch']?.includes('loses'))
        expect(asked['ListDispatch']).toBeGreaterThan(0);
    }, PATIENCE);
    expect(await room.take({ ...agentHello, agentClockMs: Date.now() })).toMatchObject({ ok: true });
    await storm([joined, left, monitor, finished], seed);
    await vi.waitFor(async () => {
      const owed = await runInDurableObject(room, (_object, { storage }) =>
        storage.sql.exec('SELECT key, state FROM outbox').toArray(),
      );
      expect(owed).toEqual([]);
    }, PATIENCE);
    const { asked, done } = await report(callId);
    expect(done).toEqual({ CreateRoom: 1, CreateDispatch: 1, DeleteRoom: 1 });
    for (const [method, troubles] of Object.entries(trouble)) {
      // A dispatch that was lost stands: it needs no second try.
      const tries = method === 'CreateDispatch' && troubles.at(-1) === 'loses' ? 0 : 1;
      expect(asked[method]).toBe(troubles.length + tries);
    }
    const types = (await room.events(0))!.events.map((each) => each.type);
    for (const once of ['callEnded', 'customerJoined', 'agentOffered', 'agentJoined'])
      expect(types.filter((each) => each === once)).toHaveLength(1);
  },
  60_000,
);

it('EFFECT-2 what the media server never takes is parked, and done once when a person asks', async () => {
  const { callId, room } = await troubledCall({ CreateRoom: new Array<Trouble>(30).fill('fails') });
  const owed = (): Promise<{ attempts: number; state: string }[]> =>
    runInDurableObject(room, (_object, { storage }) =>
      storage.sql
        .exec<{ attempts: number; state: string }>(
          `SELECT attempts, state FROM outbox WHERE key LIKE '%createRoom'`,
        )
        .toArray(),
    );
  await vi.waitFor(async () => expect((await owed())[0]?.attempts).toBeGreaterThan(0));
  // Ten more tries would take minutes.
  await runInDurableObject(room, (_object, { storage }) =>
    storage.sql.exec(`UPDATE outbox SET attempts = 11, due_at_ms = 0 WHERE key LIKE '%createRoom'`).toArray(),
  );
  await evictDurableObject(room);
  await runDurableObjectAlarm(room);
  await vi.waitFor(async () => expect((await owed())[0]?.state).toBe('parked'));
  const given = (await report(callId)).asked['CreateRoom'];
  const { monitor } = await webhooksOf(callId);
  await storm([monitor], 4);
  expect(await room.parkedEffects()).toMatchObject([{ type: 'createRoom' }]);
  expect((await report(callId)).asked['CreateRoom']).toBe(given);
  await fetch(`http://livekit.test/trouble/call-${callId}`, { method: 'POST', body: '{}' });
  expect(await room.retryParkedEffects()).toBe(1);
  await vi.waitFor(async () => expect((await report(callId)).done).toEqual({ CreateRoom: 1 }));
  await vi.waitFor(async () => expect(await owed()).toEqual([]));
});
