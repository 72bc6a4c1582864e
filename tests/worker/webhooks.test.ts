import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { forgetCallAtDesks } from '../../durable-objects/tell.ts';
import type { Attempt, Delivery, DeliveryState, Webhook } from '../../protocol/api/webhooks.ts';
import { WebhookBodySchema } from '../../protocol/webhook.ts';
import type { Answer } from './outbound-stand-in.ts';
import { eventually, freshAddress, plan, receivedBy, signaturesBy, textOf } from './receivers.ts';
import { ask, callInProgress, newCall, post, signIn } from './world.ts';

const HOUR_MS = 3_600_000;
let admin: Record<string, string>;
beforeAll(async () => {
  admin = await signIn('admin');
});

interface Made {
  readonly webhook: Webhook;
  readonly secret: string;
}
const path = ({ webhook }: Made, more = ''): string => `/api/webhooks/${webhook.id}${more}`;
const deskOf = ({ webhook }: Made) => env.WEBHOOK_DESK.getByName(webhook.id);

async function register(url: string, more: object = {}): Promise<Made> {
  const response = await post(
    '/api/webhooks',
    { url, events: ['call.requested', 'call.ended'], ...more },
    admin,
  );
  expect(response.status).toBe(201);
  return response.json<Made>();
}

const get = async <T>(where: string): Promise<T> => (await ask(where, { headers: admin })).json<T>();
const send = (method: string, where: string, body?: unknown): Promise<Response> =>
  ask(where, {
    method,
    headers: { ...admin, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** Registered endpoints are told of every call of this file: each test takes its own away. */
async function withWebhook(
  url: string,
  work: (made: Made) => Promise<void>,
  more: object = {},
): Promise<void> {
  const made = await register(url, more);
  try {
    await work(made);
  } finally {
    await send('DELETE', path(made));
  }
}

/** Asked of the desk itself: whoever waits asks often, and the API limits that. */
const deliveries = async (made: Made, state: DeliveryState | null = null): Promise<Delivery[]> =>
  (await deskOf(made).deliveries(state, null, 100)).deliveries;
const settled = (made: Made, state: DeliveryState): Promise<Delivery> =>
  eventually(async () => (await deliveries(made, state))[0]);
/** Waits until its newest delivery was tried so often. */
const tried = (made: Made, times: number): Promise<Delivery> =>
  eventually(async () => (await deliveries(made)).find((each) => each.tries === times));

/** Time passes for this endpoint: everything it has written down lies `byMs` further back. */
async function later(made: Made, byMs: number): Promise<void> {
  await runInDurableObject(deskOf(made), (_desk, { storage }) => {
    storage.sql.exec(
      `UPDATE delivery SET due_at_ms = due_at_ms - ?1, deadline_at_ms = deadline_at_ms - ?1,
         owed_at_ms = owed_at_ms - ?1, settled_at_ms = settled_at_ms - ?1`,
      byMs,
    );
    const since = storage.kv.get<number>('failingSinceMs');
    if (since !== undefined) storage.kv.put('failingSinceMs', since - byMs);
    const secrets = storage.kv.get<{ previous: { untilMs: number } | null }>('secrets');
    if (secrets?.previous) {
      secrets.previous.untilMs -= byMs;
      storage.kv.put('secrets', secrets);
    }
  });
}
const ring = (made: Made): Promise<boolean> => runDurableObjectAlarm(deskOf(made));

describe('registering', () => {
  it('HOOK-2 shows the secret once and never again', async () => {
    await withWebhook(freshAddress(), async (made) => {
      expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(made.webhook).toMatchObject({ enabled: true, includePersonalData: false, disabledReason: null });
      for (const where of ['/api/webhooks', path(made)])
        expect(JSON.stringify(await get(where))).not.toContain(made.secret);
      const row = await env.DB.prepare('SELECT * FROM webhooks WHERE id = ?').bind(made.webhook.id).first();
      expect(JSON.stringify(row)).not.toContain(made.secret);
    });
  });

  it('the same Idempotency-Key makes one endpoint and shows no second secret', async () => {
    const body = { url: freshAddress(), events: ['call.ended'] };
    const headers = { ...admin, 'idempotency-key': crypto.randomUUID() };
    const first = await (await post('/api/webhooks', body, headers)).json<Made>();
    const again = await post('/api/webhooks', body, headers);
    expect(await again.json()).toMatchObject({ status: 409, code: 'already_done' });
    const { webhooks } = await get<{ webhooks: Webhook[] }>('/api/webhooks?limit=100');
    expect(webhooks.filter((each) => each.url === body.url)).toHaveLength(1);
    await send('DELETE', path(first));
  });

  it.each([
    ['an unknown field', { secret: 'mine' }, 'secret', 400],
    ['an unknown event', { events: ['call.dreamt'] }, 'events.0', 400],
    ['no event', { events: [] }, 'events', 400],
    ['no URL at all', { url: 7 }, 'url', 400],
    ['a line break in the description', { description: 'a\nb' }, 'description', 400],
    ['plain http', { url: 'http://hooks.example.com/' }, 'url', 422],
    ['this machine', { url: 'https://localhost/' }, 'url', 422],
    ['a number for an address', { url: 'https://2130706433/' }, 'url', 422],
    ['an address of IPv6', { url: 'https://[::ffff:127.0.0.1]/' }, 'url', 422],
    ['a password in it', { url: 'https://u:p@hooks.example.com/' }, 'url', 422],
    ['another port', { url: 'https://hooks.example.com:6379/' }, 'url', 422],
  ])(
    'HOOK-6 %s is refused with the field named, now and when it is changed',
    async (_what, wrong, field, status) => {
      const refused = await post(
        '/api/webhooks',
        { url: freshAddress(), events: ['call.ended'], ...wrong },
        admin,
      );
      expect(refused.status).toBe(status);
      const problem = await refused.json<{ errors: { field: string }[] }>();
      expect(problem.errors.map((each) => each.field)).toContain(field);
      await withWebhook(freshAddress(), async (made) => {
        expect((await send('PATCH', path(made), wrong)).status).toBe(status);
        expect((await get<Made>(path(made))).webhook).toEqual(made.webhook);
      });
    },
  );

  it('a change counts at once and is in the audit log; a disabled endpoint says by whom', async () => {
    await withWebhook(freshAddress(), async (made) => {
      const changed = await send('PATCH', path(made), { enabled: false, description: 'Nightly' });
      expect((await changed.json<Made>()).webhook).toMatchObject({
        enabled: false,
        disabledReason: 'byPerson',
        description: 'Nightly',
        url: made.webhook.url,
      });
      const { results } = await env.DB.prepare(
        'SELECT action, detail FROM audit WHERE subject = ? ORDER BY id',
      )
        .bind(`webhook:${made.webhook.id}`)
        .all();
      expect(results).toEqual([
        { action: 'webhook.created', detail: null },
        { action: 'webhook.changed', detail: 'description, enabled' },
      ]);
    });
  });

  it('lists newest first, page by page', async () => {
    const made = [
      await register(freshAddress()),
      await register(freshAddress()),
      await register(freshAddress()),
    ];
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { webhooks: Webhook[]; nextCursor: string | null } = await get(
        `/api/webhooks?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.webhooks.map((each) => each.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(made.map((each) => each.webhook.id).reverse());
    expect((await ask('/api/webhooks?cursor=nonsense', { headers: admin })).status).toBe(400);
    for (const each of made) await send('DELETE', path(each));
  });

  it('there are never more than twenty', async () => {
    const made: Made[] = [];
    for (let n = 0; n < 20; n++) made.push(await register(freshAddress()));
    const refused = await post('/api/webhooks', { url: freshAddress(), events: ['call.ended'] }, admin);
    expect(await refused.json()).toMatchObject({ status: 409, code: 'conflict' });
    for (const each of made) await send('DELETE', path(each));
  });
});

describe('an event', () => {
  it('HOOK-1 HOOK-3 of a call reaches who asked for it, once, signed, without names or words', async () => {
    const url = freshAddress();
    await withWebhook(url, async (made) => {
      const { callId, room } = await callInProgress();
      await room.take({ type: 'hangUp', by: 'user:1' });
      // Calls of other tests may still end.
      const received = await eventually(async () => {
        const all = (await receivedBy(url)).filter((each) => textOf(each).includes(callId));
        return all.length >= 2 && all;
      });
      const bodies = received.map((each) => WebhookBodySchema.parse(JSON.parse(textOf(each))));
      expect(bodies.map((each) => each.type).sort()).toEqual(['call.ended', 'call.requested']);
      const ended = received.find((each) => textOf(each).includes('call.ended'));
      expect(JSON.parse(textOf(ended!))).toEqual({
        id: expect.stringMatching(new RegExp(`^call:${callId}:\\d+$`)),
        atMs: expect.any(Number),
        type: 'call.ended',
        data: {
          callId,
          profile: 'auto-sales',
          channel: 'lab',
          phase: 'ended',
          outcome: 'completed',
          requestedAtMs: expect.any(Number),
          answeredAtMs: expect.any(Number),
          endedAtMs: expect.any(Number),
        },
      });
      for (const each of received) {
        expect(each.headers['webhook-id']).toBe(JSON.parse(textOf(each)).id);
        expect(signaturesBy(made.secret, each)).toEqual([true]);
        expect(signaturesBy(made.secret, each, `${textOf(each)} `)).toEqual([false]);
        expect(Math.abs(Number(each.headers['webhook-timestamp']) - each.atMs / 1000)).toBeLessThan(60);
      }
    });
  });

  it('HOOK-3 holds the contact’s name only where the endpoint asks for it', async () => {
    const url = freshAddress();
    await withWebhook(
      url,
      async () => {
        await newCall();
        const [first] = await eventually(async () => {
          const all = await receivedBy(url);
          return all.length > 0 && all;
        });
        expect(JSON.parse(textOf(first!))).toMatchObject({ data: { contactName: 'Robin' } });
      },
      { includePersonalData: true },
    );
  });

  it('HOOK-1 is owed until it is told: who listens cannot be read, and the call’s object is lost', async () => {
    const url = freshAddress();
    await withWebhook(
      url,
      async (made) => {
        await env.DB.prepare('ALTER TABLE webhooks RENAME TO webhooks_away').run();
        const { callId } = await newCall();
        const room = env.CALL_ROOM.getByName(callId);
        const waiting = (): Promise<number> =>
          runInDurableObject(room, (_room, { storage }) => {
            const failed = `SELECT count(*) AS count FROM outbox WHERE attempts > 0 AND effect LIKE '%"notify"%'`;
            return storage.sql.exec<{ count: number }>(failed).one().count;
          });
        await eventually(async () => (await waiting()) === 1);
        await evictDurableObject(room);
        await env.DB.prepare('ALTER TABLE webhooks_away RENAME TO webhooks').run();
        await settled(made, 'delivered');
        expect((await receivedBy(url)).map((each) => each.headers['webhook-id'])).toEqual([
          `call:${callId}:1`,
        ]);
        await eventually(async () => (await waiting()) === 0);
      },
      { events: ['call.requested'] },
    );
  });

  it('HOOK-1 owed a second time is delivered once', async () => {
    const url = freshAddress();
    await withWebhook(url, async (made) => {
      const body = {
        id: 'call:c:1',
        atMs: 1,
        type: 'call.requested',
        data: {
          callId: 'c',
          profile: 'p',
          channel: 'web',
          phase: 'requested',
          requestedAtMs: 1,
          answeredAtMs: null,
          endedAtMs: null,
          outcome: null,
        },
      } as const;
      await deskOf(made).owe(body, 'c');
      await evictDurableObject(deskOf(made));
      await deskOf(made).owe(body, 'c');
      await settled(made, 'delivered');
      await deskOf(made).owe(body, 'c');
      await ring(made);
      expect(await receivedBy(url)).toHaveLength(1);
      expect(await deliveries(made)).toHaveLength(1);
    });
  });
});

describe('HOOK-5 delivery', () => {
  /** One event owed to a fresh endpoint that answers as planned. */
  async function owed(answers: Answer[], work: (made: Made, url: string) => Promise<void>): Promise<void> {
    const url = freshAddress();
    await plan(url, ...answers);
    await withWebhook(
      url,
      async (made) => {
        await newCall();
        await tried(made, 1);
        await work(made, url);
      },
      { events: ['call.requested'] },
    );
  }

  it('is tried again under the same id, whatever evicts the desk in between, until it is taken', async () => {
    const elsewhere = freshAddress();
    const redirect = { status: 307, headers: { location: elsewhere } };
    await owed([{ status: 500 }, redirect, { status: 204 }], async (made, url) => {
      for (let times = 2; times <= 3; times++) {
        // The alarm wakes, state decides: too early nothing happens.
        await ring(made);
        expect((await deliveries(made))[0]).toMatchObject({ tries: times - 1, state: 'pending' });
        await evictDurableObject(deskOf(made));
        await later(made, HOUR_MS);
        await ring(made);
        await tried(made, times);
      }
      const received = await receivedBy(url);
      expect(new Set(received.map((each) => each.headers['webhook-id'])).size).toBe(1);
      expect(new Set(received.map(textOf)).size).toBe(1);
      expect(await receivedBy(elsewhere)).toEqual([]);
      const [{ id } = { id: '' }] = await deliveries(made);
      const found = await get<{ delivery: Delivery; attempts: Attempt[]; body: string }>(
        path(made, `/deliveries/${id}`),
      );
      expect(found.delivery).toMatchObject({ state: 'delivered', nextTryAtMs: null, lastError: null });
      expect(found.attempts.map(({ status, error }) => [status, error])).toEqual([
        [500, 'refused'],
        [307, 'redirected'],
        [204, null],
      ]);
      expect(found.body).toBe(textOf(received[0]!));
    });
  });

  it('pauses as long as the receiver asks, and longer after each failure', async () => {
    await owed([{ status: 503, headers: { 'retry-after': '7200' } }, { status: 503 }], async (made) => {
      const [first] = await deliveries(made);
      const pauseMs = (first?.nextTryAtMs ?? 0) - Date.now();
      expect(pauseMs).toBeGreaterThan(7_000_000);
      expect(pauseMs).toBeLessThanOrEqual(7_200_000);
      await later(made, 2 * HOUR_MS);
      await ring(made);
      const second = await tried(made, 2);
      expect((second.nextTryAtMs ?? 0) - Date.now()).toBeGreaterThan(15_000);
      expect((second.nextTryAtMs ?? 0) - Date.now()).toBeLessThan(40_000);
    });
  });

  it('reads little of an answer, and keeps none of it', async () => {
    await owed([{ status: 400, body: `name: Robin ${'x'.repeat(100_000)}` }], async (made) => {
      const { id } = await tried(made, 1);
      const found = await get<{ attempts: Attempt[] }>(path(made, `/deliveries/${id}`));
      expect(found.attempts[0]).toMatchObject({ status: 400, responseBytes: 1_024 });
      const dump = await runInDurableObject(deskOf(made), (_desk, { storage }) =>
        JSON.stringify(storage.sql.exec('SELECT * FROM attempt').toArray()),
      );
      expect(dump).not.toContain('xxxx');
    });
  });

  it('after three days is dead, seen, and can be sent again under its id', async () => {
    await owed([{ status: 500 }], async (made, url) => {
      await later(made, 71 * HOUR_MS);
      await ring(made);
      expect((await tried(made, 2)).state).toBe('pending');
      await later(made, 2 * HOUR_MS);
      // Only failing for three days would disable the endpoint as well: another event got through meanwhile.
      await runInDurableObject(deskOf(made), (_desk, { storage }) => storage.kv.delete('failingSinceMs'));
      await ring(made);
      const dead = await settled(made, 'dead');
      expect(dead).toMatchObject({ tries: 3, lastError: 'refused', nextTryAtMs: null });
      const listed = (state: string) => get(path(made, `/deliveries?state=${state}`));
      expect(await listed('dead')).toEqual({ deliveries: [dead], nextCursor: null });
      expect(await listed('delivered')).toEqual({ deliveries: [], nextCursor: null });
      expect((await get<{ health: unknown }>(path(made))).health).toMatchObject({ dead: 1, pending: 0 });

      await plan(url, { status: 200 });
      expect((await send('POST', path(made, `/deliveries/${dead.id}/resend`))).status).toBe(202);
      await settled(made, 'delivered');
      const ids = (await receivedBy(url)).map((each) => each.headers['webhook-id']);
      expect(new Set(ids)).toEqual(new Set([dead.messageId]));
      expect((await get<{ health: unknown }>(path(made))).health).toMatchObject({
        dead: 0,
        failingSinceMs: null,
      });
    });
  });

  it('an endpoint that only fails for three days is disabled, and its dead are sent again at a word', async () => {
    await owed([{ status: 500 }], async (made, url) => {
      await newCall();
      await eventually(async () => (await receivedBy(url)).length >= 2);
      await tried(made, 1);
      await later(made, 73 * HOUR_MS);
      await ring(made);
      await eventually(async () => (await deliveries(made, 'dead')).length === 2);
      expect((await get<Made>(path(made))).webhook).toMatchObject({
        enabled: false,
        disabledReason: 'failing',
      });
      const entry = await env.DB.prepare('SELECT actor, detail FROM audit WHERE subject = ? ORDER BY id DESC')
        .bind(`webhook:${made.webhook.id}`)
        .first();
      expect(entry).toEqual({ actor: 'system', detail: 'disabled: failing' });
      // Nothing more is owed to it, and nothing is sent again before somebody enables it.
      await newCall();
      expect((await send('POST', path(made, '/resend-dead'))).status).toBe(409);
      await plan(url, { status: 200 });
      await send('PATCH', path(made), { enabled: true });
      const resent = await send('POST', path(made, '/resend-dead'));
      expect(await resent.json()).toEqual({ resent: 2 });
      await eventually(async () => (await deliveries(made, 'delivered')).length === 2);
      expect(await deliveries(made)).toHaveLength(2);
    });
  });

  it('410 disables the endpoint at once', async () => {
    await owed([{ status: 410 }], async (made) => {
      await settled(made, 'dead');
      const gone = await eventually(async () => {
        const { webhook } = await get<Made>(path(made));
        return !webhook.enabled && webhook;
      });
      expect(gone.disabledReason).toBe('gone');
    });
  });

  it('HOOK-6 an address is judged again at each try', async () => {
    const url = freshAddress();
    await withWebhook(url, async (made) => {
      await env.DB.prepare("UPDATE webhooks SET url = 'https://169.254.169.254/latest' WHERE id = ?")
        .bind(made.webhook.id)
        .run();
      await newCall();
      expect((await tried(made, 1)).lastError).toBe('addressForbidden');
      expect(await receivedBy('https://169.254.169.254/latest')).toEqual([]);
    });
  });

  it('HOOK-2 for a day after a rotation both secrets sign, then only the new one', async () => {
    const url = freshAddress();
    await withWebhook(url, async (made) => {
      const rotated = await (await send('POST', path(made, '/rotate-secret'))).json<{ secret: string }>();
      await send('POST', path(made, '/test'));
      await settled(made, 'delivered');
      const [first] = await receivedBy(url);
      expect(signaturesBy(rotated.secret, first!)).toEqual([true, false]);
      expect(signaturesBy(made.secret, first!)).toEqual([false, true]);
      await later(made, 25 * HOUR_MS);
      await send('POST', path(made, '/test'));
      const second = await eventually(async () => (await receivedBy(url))[1]);
      expect(signaturesBy(rotated.secret, second)).toEqual([true]);
    });
  });

  it('HOOK-4 a test is tried once, also while the endpoint is disabled', async () => {
    const url = freshAddress();
    await plan(url, { status: 500 });
    await withWebhook(url, async (made) => {
      await send('PATCH', path(made), { enabled: false });
      const asked = await send('POST', path(made, '/test'));
      expect(asked.status).toBe(202);
      const { delivery } = await asked.json<{ delivery: Delivery }>();
      const dead = await settled(made, 'dead');
      expect(dead).toMatchObject({ id: delivery.id, event: 'webhook.test', tries: 1 });
      expect(JSON.parse(textOf((await receivedBy(url))[0]!))).toMatchObject({ type: 'webhook.test' });
    });
  });

  it('deliveries are kept for thirty days', async () => {
    await owed([{ status: 200 }], async (made) => {
      await settled(made, 'delivered');
      await later(made, 29 * 24 * HOUR_MS);
      await ring(made);
      expect(await deliveries(made)).toHaveLength(1);
      await later(made, 25 * HOUR_MS);
      await ring(made);
      expect(await deliveries(made)).toHaveLength(0);
    });
  });

  it('an endpoint that is deleted is sent nothing more, and nothing of it stays', async () => {
    const url = freshAddress();
    await plan(url, { status: 500 });
    const made = await register(url, { events: ['call.requested'] });
    await newCall();
    await tried(made, 1);
    expect((await send('DELETE', path(made))).status).toBe(204);
    expect((await ask(path(made), { headers: admin })).status).toBe(404);
    expect((await send('POST', path(made, '/test'))).status).toBe(404);
    await newCall();
    expect(await ring(made)).toBe(false);
    expect(await receivedBy(url)).toHaveLength(1);
    const left = await runInDurableObject(deskOf(made), (_desk, { storage }) =>
      storage.sql.exec('SELECT * FROM delivery').toArray(),
    );
    expect(left).toEqual([]);
  });

  it('a call can be forgotten at every desk', async () => {
    await owed([{ status: 200 }], async (made) => {
      const { id } = await settled(made, 'delivered');
      const { callId } = await newCall();
      await eventually(async () => (await deliveries(made, 'delivered')).length === 2);
      await forgetCallAtDesks(env, callId);
      expect((await deliveries(made)).map((each) => each.id)).toEqual([id]);
    });
  });
});
