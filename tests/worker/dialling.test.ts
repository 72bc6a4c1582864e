import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { signLabPhoneToken } from '../../durable-objects/telephony/lab-token.ts';
import { labStatuses } from '../../protocol/lab-phone.ts';
import { agentComes, dialledCall, freshNumber, typesOf } from './dialled-call.ts';
import type { Dialled } from './dialled-call.ts';
import type { RungReport } from './lab-phone-stand-in.ts';
import { eventually } from './receivers.ts';
import { LAB, ask, post } from './world.ts';

const SECRET = 'test-door-secret-test-door-secret';

const rung = async ({ callId }: Dialled): Promise<RungReport | null> =>
  (await fetch(`http://phone.test/report/${callId}`)).json<RungReport | null>();
const has = (call: Dialled, type: string): Promise<true> =>
  eventually(async () => (await typesOf(call)).includes(type) && true);

describe('ringing by the lab’s telephones', () => {
  it('DIAL-2 nobody is rung before the agent is there, then once, into the call’s own room', async () => {
    const number = freshNumber('42');
    const call = await dialledCall(number);
    await call.room.look();
    expect(await rung(call)).toBeNull();
    await agentComes(call);
    await has(call, 'dialPlaced');
    const { order, orders } = (await rung(call))!;
    expect(orders).toBe(1);
    expect(order).toMatchObject({
      to: number,
      from: '+12125550100',
      ringMs: 20_000,
      join: { url: 'http://livekit.test', room: `call-${call.callId}` },
      callback: { url: 'http://earshot.test/api/lab/phone/status' },
    });
    const types = await typesOf(call);
    expect(types.indexOf('agentJoined')).toBeLessThan(types.indexOf('dialStarted'));
  });

  it('DIAL-3 an object that is evicted while the carrier is asked looks for the call, and rings nobody again', async () => {
    const call = await dialledCall(freshNumber('99'));
    await agentComes(call);
    // It rings, and the answer never comes.
    await eventually(async () => (await rung(call))?.orders === 1);
    expect(await typesOf(call)).not.toContain('dialPlaced');
    await evictDurableObject(call.room);
    await eventually(async () => {
      await runDurableObjectAlarm(call.room);
      return (await typesOf(call)).includes('dialPlaced');
    });
    expect((await rung(call))!.orders).toBe(1);
    expect((await typesOf(call)).filter((type) => type === 'dialStarted')).toHaveLength(1);
  });

  it('DIAL-3 a carrier that broke and knows of no call has failed; it is not asked to ring again', async () => {
    const call = await dialledCall(freshNumber('98'));
    await agentComes(call);
    await has(call, 'callEnded');
    const { events } = (await call.room.events(0))!;
    expect(events.find((event) => event.type === 'dialFailed')).toMatchObject({
      failure: 'carrierFailed',
      cause: 'lost',
    });
    expect(await rung(call)).toBeNull();
  });

  it('DIAL-5 what the carrier says at once ends the call with its outcome', async () => {
    const call = await dialledCall(freshNumber('10'));
    await agentComes(call);
    await has(call, 'callEnded');
    expect((await call.room.summary())!).toMatchObject({ outcome: 'busy' });
  });

  it('a call that is hung up while it rings stops ringing', async () => {
    const call = await dialledCall(freshNumber('42'));
    await agentComes(call);
    await has(call, 'dialPlaced');
    await call.room.take({ type: 'hangUp', by: 'u1' });
    await eventually(async () => (await rung(call))?.hungUp);
  });

  it('DNC-3 a number is on the list before its dial is settled', async () => {
    const number = freshNumber('42');
    const call = await dialledCall(number);
    await agentComes(call);
    await has(call, 'dialPlaced');
    await call.room.take({
      type: 'customerSeen',
      participant: { identity: `customer-${call.callId}`, connection: 'PA_1' },
    });
    await call.room.observe('s1', { id: 'o1', observation: { type: 'doNotCallRequested' } });
    const listed = await eventually(() =>
      env.DB.prepare('SELECT source, call_id AS callId FROM suppressions WHERE phone = ?')
        .bind(number)
        .first<{ source: string; callId: string }>(),
    );
    expect(listed).toEqual({ source: 'call', callId: call.callId });
  });
});

describe('POST /api/lab/phone/status', () => {
  const news = async (call: Dialled, status: string, told = call.callId) =>
    post(
      '/api/lab/phone/status',
      { callId: told, status },
      { authorization: `Bearer ${await signLabPhoneToken(call.callId, SECRET, Date.now())}` },
    );
  const ringing = async (): Promise<Dialled> => {
    const call = await dialledCall(freshNumber('42'));
    await agentComes(call);
    await has(call, 'dialPlaced');
    return call;
  };

  it.each([
    ['busy', 'busy'],
    ['noAnswer', 'noAnswer'],
    ['declined', 'declined'],
    ['invalidNumber', 'invalidNumber'],
    ['failed', 'carrierFailed'],
  ])('CARRIER-1 %s ends the call as %s; repeated and late news changes nothing', async (status, outcome) => {
    const call = await ringing();
    expect((await news(call, 'ringing')).status).toBe(200);
    expect((await news(call, status)).status).toBe(200);
    expect(await call.room.summary()).toMatchObject({ phase: 'ended', outcome });
    const { head } = (await call.room.events(0))!;
    for (const again of labStatuses) expect((await news(call, again)).status).toBe(200);
    expect((await call.room.events(0))!.head).toBe(head);
  });

  it('a token opens one call’s news only; without one, or expired, nothing', async () => {
    const call = await ringing();
    const other = await ringing();
    expect((await news(call, 'busy', other.callId)).status).toBe(403);
    expect((await post('/api/lab/phone/status', { callId: call.callId, status: 'busy' })).status).toBe(401);
    const stale = await signLabPhoneToken(call.callId, SECRET, Date.now() - 86_400_000);
    const authorization = `Bearer ${stale}`;
    const late = await post(
      '/api/lab/phone/status',
      { callId: call.callId, status: 'busy' },
      { authorization },
    );
    expect(late.status).toBe(401);
    expect(await call.room.summary()).toMatchObject({ phase: 'connecting' });
  });

  it.each(['{', '{}', '{"callId":"x","status":"exploded"}'])(
    'a body that is none of ours is 400: %s',
    async (body) => {
      const call = await ringing();
      const authorization = `Bearer ${await signLabPhoneToken(call.callId, SECRET, Date.now())}`;
      expect((await post('/api/lab/phone/status', body, { authorization })).status).toBe(400);
    },
  );
});

describe('INBOUND-1 somebody calls one of our numbers', () => {
  const line = freshNumber('00');
  const ring = (attempt: string, from: string | null, to = line) =>
    post('/api/lab/phone/inbound', { attempt, from, to }, LAB);

  const open = async (profile: string | null): Promise<void> => {
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO carriers VALUES ('carrier-in', 'lab', 'Lab', '{}', 1, 1, 1, 1) ON CONFLICT DO NOTHING`,
      ),
      env.DB.prepare(
        `INSERT INTO lines (phone, carrier_id, label, profile, created_at_ms) VALUES (?1, 'carrier-in', 'x', ?2, 1)
         ON CONFLICT (phone) DO UPDATE SET profile = excluded.profile`,
      ).bind(line, profile),
    ]);
  };

  it('the line’s profile answers; the latest lead with the number is known by name', async () => {
    await open('loan-interest');
    const from = freshNumber('55');
    const campaign = `INSERT INTO campaigns (campaign_id, name, status, settings, version, created_at_ms)
      VALUES (?1, 'x', 'draft', '{}', 1, 1)`;
    const lead = `INSERT INTO leads (lead_id, campaign_id, phone, name, fields, status, created_at_ms)
      VALUES (?1, ?2, ?3, ?4, '{}', 'waiting', 1)`;
    await env.DB.batch([
      env.DB.prepare(campaign).bind('k-in-1'),
      env.DB.prepare(campaign).bind('k-in-2'),
      env.DB.prepare(lead).bind('l-1', 'k-in-1', from, 'Old Name'),
      env.DB.prepare(lead).bind('l-2', 'k-in-2', from, 'Robin Vale'),
    ]);
    const response = await ring('attempt-1111', from);
    expect(response.status).toBe(201);
    const { callId, join } = await response.json<{ callId: string; join: { room: string; token: string } }>();
    expect(join).toMatchObject({ room: `call-${callId}`, url: 'http://livekit.test' });
    const { events } = (await env.CALL_ROOM.getByName(callId).events(0))!;
    expect(events[0]).toMatchObject({
      profile: 'loan-interest',
      channel: 'lab',
      contact: { name: 'Robin Vale' },
      phone: { direction: 'inbound', number: from, line },
      lead: { leadId: 'l-2', campaignId: 'k-in-2' },
    });
    expect(events[0]).not.toHaveProperty('dial');
  });

  it('the same attempt told again is the same call; a withheld or unknown number works', async () => {
    await open('auto-sales');
    const first = await (await ring('attempt-2222', null)).json<{ callId: string }>();
    const again = await (await ring('attempt-2222', null)).json<{ callId: string }>();
    expect(again.callId).toBe(first.callId);
    const { events } = (await env.CALL_ROOM.getByName(first.callId).events(0))!;
    expect(events[0]).toMatchObject({ contact: { name: null }, phone: { number: null } });
    expect(events[0]).not.toHaveProperty('lead');
    expect((await ring('attempt-3333', freshNumber('77'))).status).toBe(201);
  });

  it('a number that nobody answers is refused', async () => {
    await open(null);
    const silent = await ring('attempt-4444', null);
    expect([silent.status, await silent.json()]).toMatchObject([404, { code: 'line_unanswered' }]);
    expect((await ring('attempt-5555', null, '+12125559999')).status).toBe(404);
  });

  it('only the lab’s exchange may ring', async () => {
    expect((await ask('/api/lab/phone/inbound', { method: 'POST' })).status).toBe(401);
  });
});
