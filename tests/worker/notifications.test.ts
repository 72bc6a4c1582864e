import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { verify } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import type { NewNotice, Notice, NoticesDown } from '../../protocol/notices.ts';
import { NoticesDownSchema } from '../../protocol/notices.ts';
import { eventually, plan, receivedBy } from './receivers.ts';
import { newDevice } from './push-device.ts';
import { ask, callInProgress, connect, newPerson, post, signIn, signInAs } from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

type Headers = Record<string, string>;
const notices = () => env.NOTICES.getByName('notices');

const noticed = (id = crypto.randomUUID()): NewNotice => ({
  id,
  kind: 'callNeedsHuman',
  severity: 'urgent',
  atMs: Date.now(),
  callId: 'c1',
  sentence: 'A caller asks for a person.',
});

const listen = (who: Headers) => connect<NoticesDown>(`/ws/notifications?v=${PROTOCOL_VERSION}`, who);
const snapshotOf = (messages: NoticesDown[]) => messages.find((each) => each.type === 'snapshot');
const numbersOf = (messages: NoticesDown[]): number[] =>
  messages.flatMap((each) =>
    each.type === 'snapshot'
      ? each.notices.map((notice) => notice.number)
      : each.type === 'notice'
        ? [each.notice.number]
        : [],
  );

interface Page {
  readonly notifications: Notice[];
  readonly readUpTo: number;
  readonly nextCursor: string | null;
}
const page = async (who: Headers, query = ''): Promise<Page> =>
  (await ask(`/api/notifications${query}`, { headers: who })).json<Page>();

describe('notices', () => {
  it('NOTICE-1 come as a snapshot, then numbered without gaps, across an eviction', async () => {
    const viewer = await signIn('viewer');
    for (let n = 0; n < 60; n++) await notices().take(noticed());
    const socket = await listen(viewer);
    const snapshot = await socket.until(snapshotOf);
    expect(snapshot.notices).toHaveLength(50);
    await notices().take(noticed());
    await evictDurableObject(notices());
    await notices().take(noticed());
    const numbers = await socket.until((messages) => {
      const all = numbersOf(messages);
      return all.length >= 52 && all;
    });
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(numbers.at(-3)).toBe(snapshot.head);
    for (const message of socket.messages) expect(NoticesDownSchema.parse(message)).toEqual(message);
  });

  it('NOTICE-2 the same news twice is one notice', async () => {
    const viewer = await signIn('viewer');
    const id = crypto.randomUUID();
    await notices().take(noticed(id));
    await evictDurableObject(notices());
    await notices().take(noticed(id));
    const { notifications } = await page(viewer, '?limit=100');
    expect(notifications.filter((each) => each.id === id)).toHaveLength(1);
  });

  it('NOTICE-3 a caller who asks for a person is told of at once, in a sentence without who or why', async () => {
    const operator = await signIn('operator');
    const socket = await listen(operator);
    const { callId, room, session } = await callInProgress();
    const observation = { type: 'humanRequested', reason: 'Robin wants a refund' } as const;
    await room.observe(session, { id: crypto.randomUUID(), observation });
    const told = await socket.until((messages) =>
      messages
        .flatMap((each) => (each.type === 'notice' ? [each.notice] : []))
        .find((each) => each.callId === callId),
    );
    expect(told).toMatchObject({ kind: 'callNeedsHuman', severity: 'urgent' });
    expect(JSON.stringify(told)).not.toMatch(/Robin|refund/);
  });

  it('NOTICE-3 work that a call gave up is told, once', async () => {
    const { callId, room } = await callInProgress();
    await runInDurableObject(room, (_room, { storage }) => {
      storage.sql.exec(
        `INSERT INTO outbox (key, effect, state, attempts, version, due_at_ms)
         VALUES ('9:apologise', '{"type":"apologise","room":"r"}', 'pending', 11, 1, 0)`,
      );
    });
    // Read anew from storage, as after a deploy. No host lives here to say it, and this was the twelfth try.
    await evictDurableObject(room);
    const supervisor = await signIn('supervisor');
    await runDurableObjectAlarm(room);
    const own = async () =>
      (await page(supervisor, '?limit=100')).notifications.filter((each) => each.callId === callId);
    const parked = await eventually(async () => {
      const found = await room.parkedEffects();
      return found.length > 0 && found;
    });
    expect(parked.map((each) => each.type)).toEqual(['apologise']);
    await eventually(async () => (await own()).some((each) => each.kind === 'workParked'));
    expect((await own()).filter((each) => each.kind === 'workParked')).toHaveLength(1);
  });

  it('each person has read up to a number, which never goes back, and hears of it on every page', async () => {
    const [one, other] = [await signIn('operator'), await signIn('operator')];
    await notices().take(noticed());
    const socket = await listen(one);
    const { head, readUpTo } = await socket.until(snapshotOf);
    expect(readUpTo).toBe(0);
    const read = async (upTo: unknown) => (await post('/api/notifications/read', { upTo }, one)).json<Page>();
    expect((await read(head)).readUpTo).toBe(head);
    expect((await read(1)).readUpTo).toBe(head);
    expect((await read(head + 1_000)).readUpTo).toBe(head);
    expect(await socket.until((messages) => messages.find((each) => each.type === 'read'))).toEqual({
      type: 'read',
      readUpTo: head,
    });
    expect((await page(one)).readUpTo).toBe(head);
    expect((await page(other)).readUpTo).toBe(0);
    for (const wrong of [-1, 1.5, '1', null])
      expect((await post('/api/notifications/read', { upTo: wrong }, one)).status).toBe(400);
  });

  it('are listed newest first, page by page', async () => {
    const viewer = await signIn('viewer');
    for (let n = 0; n < 5; n++) await notices().take(noticed());
    const first = await page(viewer, '?limit=3');
    const second = await page(viewer, `?limit=3&cursor=${first.nextCursor}`);
    const numbers = [...first.notifications, ...second.notifications].map((each) => each.number);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) - index));
    expect((await ask('/api/notifications?cursor=x', { headers: viewer })).status).toBe(400);
  });

  it('LEDGER-9 a page of another protocol is told to reload', async () => {
    const socket = await connect('/ws/notifications?v=0', await signIn('viewer'));
    expect(await socket.until((_, { closed }) => closed ?? undefined)).toMatchObject({ code: 4426 });
  });
});

describe('web push', () => {
  const subscribe = async (who: Headers, device: { subscription: unknown }) =>
    post('/api/push/subscriptions', device.subscription, who);
  const devicesOf = async (who: Headers) =>
    (await ask('/api/push/subscriptions', { headers: who })).json<{
      subscriptions: { id: string }[];
      mutedKinds: string[];
    }>();
  /** Sends what is due now. */
  const ring = async () => void (await runDurableObjectAlarm(notices()));

  it('NOTICE-4 reaches a device encrypted for it alone and signed with our key', async () => {
    const operator = await signIn('operator');
    const device = await newDevice();
    expect((await subscribe(operator, device)).status).toBe(201);
    await notices().take(noticed());
    const [pushed] = await eventually(async () => {
      const all = await receivedBy(device.subscription.endpoint);
      return all.length > 0 && all;
    });
    const body = Buffer.from(pushed!.bodyBase64, 'base64');
    expect(body.toString('latin1')).not.toContain('caller');
    expect(await device.decrypt(body)).toMatchObject({
      kind: 'callNeedsHuman',
      sentence: 'A caller asks for a person.',
      callId: 'c1',
    });
    expect(pushed!.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high' });
    const { publicKey } = await (
      await ask('/api/push/key', { headers: operator })
    ).json<{ publicKey: string }>();
    const [, token = '', key] =
      /^vapid t=([^,]+), k=(.+)$/.exec(pushed!.headers['authorization'] ?? '') ?? [];
    expect(key).toBe(publicKey);
    const point = Buffer.from(publicKey, 'base64url');
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    };
    expect(await verify(token, jwk, 'ES256')).toMatchObject({
      aud: new URL(device.subscription.endpoint).origin,
      sub: 'mailto:ops@earshot.test',
    });
  });

  it('NOTICE-4 a device that its push service calls gone is forgotten; one that fails is tried again', async () => {
    const operator = await signIn('operator');
    const [gone, flaky] = [await newDevice(), await newDevice()];
    await plan(gone.subscription.endpoint, { status: 410 });
    await plan(flaky.subscription.endpoint, { status: 503 }, { status: 201 });
    for (const each of [gone, flaky]) await subscribe(operator, each);
    await notices().take(noticed());
    await eventually(async () => (await devicesOf(operator)).subscriptions.length === 1);
    await eventually(async () => (await receivedBy(flaky.subscription.endpoint)).length === 1);
    await eventually(async () => {
      await runInDurableObject(
        notices(),
        (_notices, { storage }) => void storage.sql.exec('UPDATE push SET due_at_ms = 0'),
      );
      await ring();
      return (await receivedBy(flaky.subscription.endpoint)).length === 2;
    });
    expect(await receivedBy(gone.subscription.endpoint)).toHaveLength(1);
  });

  it('a kind that a person muted is not pushed to them', async () => {
    const [quiet, open] = [await signIn('operator'), await signIn('operator')];
    const [silent, loud] = [await newDevice(), await newDevice()];
    await subscribe(quiet, silent);
    await subscribe(open, loud);
    const muted = await ask('/api/push/mutes', {
      method: 'PUT',
      headers: { ...quiet, 'content-type': 'application/json' },
      body: JSON.stringify({ kinds: ['callNeedsHuman'] }),
    });
    expect(muted.status).toBe(200);
    expect((await devicesOf(quiet)).mutedKinds).toEqual(['callNeedsHuman']);
    await notices().take(noticed());
    await eventually(async () => (await receivedBy(loud.subscription.endpoint)).length > 0);
    await notices().take({ ...noticed(), kind: 'callBackOwed' });
    const [first] = await eventually(async () => {
      const all = await receivedBy(silent.subscription.endpoint);
      return all.length > 0 && all;
    });
    expect(await silent.decrypt(Buffer.from(first!.bodyBase64, 'base64'))).toMatchObject({
      kind: 'callBackOwed',
    });
  });

  it('ACCESS-13 a disabled account is pushed nothing, and its pages are closed at once', async () => {
    const person = await newPerson('operator');
    const [leaving, staying] = [await signInAs(person), await signIn('operator')];
    const [silent, loud] = [await newDevice(), await newDevice()];
    await subscribe(leaving, silent);
    await subscribe(staying, loud);
    const socket = await listen(leaving);
    await socket.until(snapshotOf);
    const disabled = await ask(`/api/users/${person.id}/disable`, {
      method: 'POST',
      headers: await signIn('admin'),
    });
    expect(disabled.status).toBe(200);
    expect(await socket.until((_, { closed }) => closed ?? undefined)).toMatchObject({ code: 4300 });
    await notices().take(noticed());
    await eventually(async () => (await receivedBy(loud.subscription.endpoint)).length > 0);
    // All that was owed for this notice is through.
    await eventually(async () => {
      await ring();
      return runInDurableObject(
        notices(),
        (_notices, { storage }) =>
          storage.sql.exec('SELECT 1 FROM push WHERE subscription_id <> ?', '*').toArray().length === 0,
      );
    });
    expect(await receivedBy(silent.subscription.endpoint)).toEqual([]);
  });

  it('a device belongs to whoever subscribed on it last, and only they can take it off', async () => {
    const [before, after] = [await signIn('viewer'), await signIn('viewer')];
    const device = await newDevice();
    const { subscription } = await (await subscribe(before, device)).json<{ subscription: { id: string } }>();
    expect(await (await subscribe(after, device)).json()).toMatchObject({
      subscription: { id: subscription.id },
    });
    expect((await devicesOf(before)).subscriptions).toEqual([]);
    const remove = (who: Headers) =>
      ask(`/api/push/subscriptions/${subscription.id}`, { method: 'DELETE', headers: who });
    expect((await remove(before)).status).toBe(404);
    expect((await remove(after)).status).toBe(204);
    expect((await devicesOf(after)).subscriptions).toEqual([]);
  });

  it('HOOK-6 an address that no push service has, or a key that is none, is refused with the field named', async () => {
    const viewer = await signIn('viewer');
    const { subscription } = await newDevice();
    const cases: [unknown, string, number][] = [
      [{ ...subscription, endpoint: 'https://127.0.0.1/push' }, 'endpoint', 422],
      [{ ...subscription, endpoint: 'http://push.example.com/' }, 'endpoint', 400],
      [
        { ...subscription, keys: { ...subscription.keys, p256dh: `BA${'A'.repeat(85)}` } },
        'keys.p256dh',
        422,
      ],
      [{ ...subscription, keys: { ...subscription.keys, auth: 'short' } }, 'keys.auth', 400],
      [{ ...subscription, userId: 'someone' }, 'userId', 400],
    ];
    for (const [wrong, field, status] of cases) {
      const response = await post('/api/push/subscriptions', wrong, viewer);
      const { errors } = await response.json<{ errors: { field: string }[] }>();
      expect([field, response.status]).toEqual([errors[0]?.field, status]);
    }
  });
});
