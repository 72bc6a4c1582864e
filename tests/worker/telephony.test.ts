import { env } from 'cloudflare:workers';
import { AccessToken } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { agentComes, dialledCall, freshNumber, typesOf } from './dialled-call.ts';
import type { Dialled } from './dialled-call.ts';
import { eventually } from './receivers.ts';
import { ask, post, signIn, apiKey } from './world.ts';
import { callIdOf } from '../../worker/calls/inbound-call.ts';

const common = { name: 'Trunk', callsPerSecond: 1, concurrency: 5, enabled: true };
const sipCarrier = {
  ...common,
  kind: 'livekitSip',
  address: 'sip.provider.example',
  transport: 'tls',
  numbers: ['+12125550100'],
  username: 'secret-user',
  password: 'secret-password',
};
interface Carrier {
  readonly carrierId: string;
  readonly kind: string;
  readonly details: Record<string, string>;
  readonly numbers: string[];
}
const send = (
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Response> =>
  ask(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const made = async (response: Response): Promise<Carrier> => {
  expect(response.status).toBe(201);
  return (await response.json<{ carrier: Carrier }>()).carrier;
};
/** What LiveKit's SIP API holds: trunks and rules. */
interface SipReport {
  readonly trunks: Record<string, Record<string, unknown>>;
  readonly rules: Record<string, { trunkIds: string[]; rule: Record<string, unknown> }>;
}
const sip = async (): Promise<SipReport> => (await fetch('http://livekit.test/sip-report')).json<SipReport>();

describe('carriers', () => {
  it('a trunk is made at LiveKit, which alone gets its secrets', async () => {
    const admin = await signIn('admin');
    const response = await post('/api/carriers', sipCarrier, admin);
    const carrier = await made(response);
    expect(carrier).toMatchObject({ kind: 'livekitSip', numbers: ['+12125550100'] });
    const trunk = (await sip()).trunks[carrier.details.trunkId!];
    expect(trunk).toMatchObject({
      address: 'sip.provider.example',
      numbers: ['+12125550100'],
      authUsername: 'secret-user',
      authPassword: 'secret-password',
    });
    const row = await env.DB.prepare('SELECT settings FROM carriers WHERE carrier_id = ?')
      .bind(carrier.carrierId)
      .first<{ settings: string }>();
    expect(row!.settings).not.toContain('secret');
    const listed = await (await ask('/api/carriers', { headers: admin })).text();
    expect(listed).toContain(carrier.carrierId);
    expect(listed).not.toContain('secret');
    const entry = await env.DB.prepare(`SELECT action FROM audit WHERE subject = ?`)
      .bind(`carrier:${carrier.carrierId}`)
      .first('action');
    expect(entry).toBe('carrier.added');
  });

  it('the same request repeated makes one carrier and one trunk', async () => {
    const headers = { ...(await signIn('admin')), 'idempotency-key': crypto.randomUUID() };
    const first = await made(await post('/api/carriers', sipCarrier, headers));
    const again = await made(await post('/api/carriers', sipCarrier, headers));
    expect(again.carrierId).toBe(first.carrierId);
    expect(again.details.trunkId).toBe(first.details.trunkId);
  });

  it('Twilio enters by a trunk of its own whose rule takes the number called as the room', async () => {
    const twilio = { ...common, kind: 'twilio', sipHost: 'sip.example.com', numbers: ['+12125550100'] };
    const carrier = await made(await post('/api/carriers', twilio, await signIn('admin')));
    const { trunks, rules } = await sip();
    expect(trunks[carrier.details.trunkId!]).toMatchObject({
      authUsername: 'earshot-twilio',
      authPassword: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(rules[carrier.details.ruleId!]).toMatchObject({ trunkIds: [carrier.details.trunkId] });
    expect(JSON.stringify(carrier)).not.toMatch(/[0-9a-f]{64}/);
    // LiveKit takes one trunk without numbers: a second carrier shares it, and it goes with the last.
    const admin = await signIn('admin');
    const second = await made(await post('/api/carriers', twilio, admin));
    expect(second.details.trunkId).toBe(carrier.details.trunkId);
    await send('DELETE', `/api/carriers/${carrier.carrierId}`, admin);
    expect((await sip()).trunks).toHaveProperty(second.details.trunkId!);
    await send('DELETE', `/api/carriers/${second.carrierId}`, admin);
    expect((await sip()).trunks).not.toHaveProperty(second.details.trunkId!);
  });

  it('limits are changed, and what is in use cannot be removed', async () => {
    const admin = await signIn('admin');
    const carrier = await made(await post('/api/carriers', { ...common, kind: 'lab' }, admin));
    const path = `/api/carriers/${carrier.carrierId}`;
    const changed = await send('PATCH', path, admin, { concurrency: 9, enabled: false });
    expect(await changed.json()).toMatchObject({
      carrier: { concurrency: 9, enabled: false, name: 'Trunk' },
    });
    const phone = freshNumber('00');
    const line = { carrierId: carrier.carrierId, label: 'Sales', profile: 'auto-sales' };
    expect((await send('PUT', `/api/lines/${encodeURIComponent(phone)}`, admin, line)).status).toBe(200);
    expect((await send('DELETE', path, admin)).status).toBe(409);
    expect((await send('DELETE', `/api/lines/${encodeURIComponent(phone)}`, admin)).status).toBe(204);
    expect((await send('DELETE', path, admin)).status).toBe(204);
    expect((await send('DELETE', path, admin)).status).toBe(404);
  });

  it('a removed trunk is gone at LiveKit', async () => {
    const admin = await signIn('admin');
    const carrier = await made(await post('/api/carriers', sipCarrier, admin));
    expect((await send('DELETE', `/api/carriers/${carrier.carrierId}`, admin)).status).toBe(204);
    expect((await sip()).trunks).not.toHaveProperty(carrier.details.trunkId!);
  });

  it('a media server without SIP is said to be one', async () => {
    const admin = await signIn('admin');
    await fetch('http://livekit.test/trouble/sip', {
      method: 'POST',
      body: JSON.stringify({ absent: true }),
    });
    const response = await post('/api/carriers', sipCarrier, admin);
    expect([response.status, await response.json()]).toMatchObject([
      422,
      { code: 'carrier_refused', title: 'The media server has no SIP service.' },
    ]);
    await fetch('http://livekit.test/trouble/sip', {
      method: 'POST',
      body: JSON.stringify({ refused: true }),
    });
    const refused = await post('/api/carriers', sipCarrier, admin);
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'carrier_refused' }]);
    await fetch('http://livekit.test/trouble/sip', { method: 'POST', body: '{}' });
  });

  it.each([
    { ...sipCarrier, address: 'http://x/' },
    { ...sipCarrier, numbers: [] },
    { ...sipCarrier, numbers: ['0123'] },
    { ...sipCarrier, concurrency: 0 },
    { ...common, kind: 'pigeon' },
    { ...common, kind: 'lab', password: 'x' },
  ])('what is no carrier is 400: %j', async (body) => {
    expect((await post('/api/carriers', body, await signIn('admin'))).status).toBe(400);
  });

  it('supervisors look, admins change, keys as far as their scope goes', async () => {
    const supervisor = await signIn('supervisor');
    expect((await ask('/api/carriers', { headers: supervisor })).status).toBe(200);
    expect((await post('/api/carriers', { ...common, kind: 'lab' }, supervisor)).status).toBe(403);
    expect((await ask('/api/lines', { headers: await signIn('operator') })).status).toBe(403);
    expect((await ask('/api/lines', { headers: await apiKey(['telephony:read']) })).status).toBe(200);
    expect(
      (await post('/api/carriers', { ...common, kind: 'lab' }, await apiKey(['telephony:read']))).status,
    ).toBe(403);
  });
});

describe('lines', () => {
  it('a line of LiveKit SIP gets a trunk and a rule, once; they go with it', async () => {
    const admin = await signIn('admin');
    const carrier = await made(await post('/api/carriers', sipCarrier, admin));
    const phone = freshNumber('00');
    const path = `/api/lines/${encodeURIComponent(phone)}`;
    const line = { carrierId: carrier.carrierId, label: 'Sales', profile: 'auto-sales' };
    for (const profile of ['auto-sales', 'loan-interest'])
      expect((await send('PUT', path, admin, { ...line, profile })).status).toBe(200);
    const of = ({ trunks }: SipReport) =>
      Object.entries(trunks).filter(([, each]) => (each.numbers as string[] | undefined)?.includes(phone));
    const report = await sip();
    expect(of(report)).toHaveLength(1);
    const [[trunkId] = ['']] = of(report);
    expect(Object.values(report.rules).filter((each) => each.trunkIds.includes(trunkId))).toMatchObject([
      { rule: { dispatchRuleCallee: { roomPrefix: 'line', randomize: true } } },
    ]);
    expect((await send('DELETE', path, admin)).status).toBe(204);
    expect(of(await sip())).toEqual([]);
  });

  it('an unknown agent, carrier or number is refused', async () => {
    const admin = await signIn('admin');
    const carrier = await made(await post('/api/carriers', { ...common, kind: 'lab' }, admin));
    const line = { carrierId: carrier.carrierId, label: '', profile: 'nobody-there' };
    expect((await send('PUT', '/api/lines/%2B12125550100', admin, line)).status).toBe(404);
    const unknown = { ...line, profile: null, carrierId: crypto.randomUUID() };
    expect((await send('PUT', '/api/lines/%2B12125550100', admin, unknown)).status).toBe(404);
    expect((await send('PUT', '/api/lines/0123', admin, line)).status).toBe(404);
    expect((await send('DELETE', '/api/lines/%2B12120000000', admin)).status).toBe(404);
  });
});

const secret = 'test-livekit-secret-test-livekit-secret';
interface Told {
  readonly event: string;
  readonly room: string;
  readonly identity: string;
  readonly attributes?: Record<string, string>;
  readonly reason?: string;
  readonly connection?: string;
}
async function webhook({ event, room, identity, attributes = {}, reason, connection = 'PA_1' }: Told) {
  const body = JSON.stringify({
    event,
    id: `EV_${crypto.randomUUID()}`,
    createdAt: String(Math.floor(Date.now() / 1000)),
    room: { name: room, sid: 'RM_1' },
    participant: {
      identity,
      sid: connection,
      attributes,
      ...(reason === undefined ? {} : { disconnectReason: reason }),
    },
  });
  const token = new AccessToken('test-key', secret, { ttl: '5m' });
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  token.sha256 = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return ask('/livekit/webhook', {
    method: 'POST',
    headers: { authorization: await token.toJwt(), 'content-type': 'application/webhook+json' },
    body,
  });
}

describe('LiveKit SIP rings', () => {
  async function dial(ending: string): Promise<Dialled> {
    const carrier = await made(await post('/api/carriers', sipCarrier, await signIn('admin')));
    const call = await dialledCall(freshNumber(ending), 'livekitSip', carrier.carrierId);
    await agentComes(call);
    return call;
  }
  const has = (call: Dialled, type: string): Promise<true> =>
    eventually(async () => (await typesOf(call)).includes(type) && true);

  it('a telephone in the room is the customer only once it was picked up', async () => {
    const call = await dial('42');
    await has(call, 'dialPlaced');
    const phone = { room: `call-${call.callId}`, identity: `sip_${call.callId}` };
    await webhook({ event: 'participant_joined', ...phone, attributes: { 'sip.callStatus': 'ringing' } });
    expect(await typesOf(call)).not.toContain('customerJoined');
    await call.room.observe('s1', {
      id: 'o1',
      observation: {
        type: 'customerAnswered',
        participant: { identity: phone.identity, connection: 'PA_1' },
      },
    });
    expect(await call.room.summary()).toMatchObject({ phase: 'inProgress' });
  });

  it.each([
    ['USER_UNAVAILABLE', 'noAnswer'],
    ['USER_REJECTED', 'busy'],
    ['SIP_TRUNK_FAILURE', 'carrierFailed'],
  ])('CARRIER-1 it leaves while ringing, %s: %s', async (reason, outcome) => {
    const call = await dial('42');
    await has(call, 'dialPlaced');
    const phone = { room: `call-${call.callId}`, identity: `sip_${call.callId}` };
    await webhook({ event: 'participant_left', ...phone, reason });
    expect(await call.room.summary()).toMatchObject({ phase: 'ended', outcome });
  });

  it('CARRIER-1 one that was answered and leaves has hung up', async () => {
    const call = await dial('42');
    await has(call, 'dialPlaced');
    const phone = { room: `call-${call.callId}`, identity: `sip_${call.callId}` };
    await webhook({ event: 'participant_joined', ...phone, attributes: { 'sip.callStatus': 'active' } });
    await webhook({ event: 'participant_left', ...phone, reason: 'CLIENT_INITIATED' });
    expect(await typesOf(call)).not.toContain('dialFailed');
    expect((await typesOf(call)).at(-1)).toBe('customerLeft');
  });

  it.each([
    ['86', 'busy', '486'],
    ['03', 'declined', '603'],
    ['04', 'invalidNumber', '404'],
    ['53', 'carrierFailed', 'unavailable'],
  ])('CARRIER-1 what LiveKit answers at once, number …%s: %s', async (ending, failure, cause) => {
    const call = await dial(ending);
    await has(call, 'callEnded');
    const { events } = (await call.room.events(0))!;
    expect(events.find((event) => event.type === 'dialFailed')).toMatchObject({ failure, cause });
  });
});

describe('INBOUND-1 LiveKit SIP brings a caller', () => {
  const caller = (room: string, attributes: Record<string, string>) =>
    webhook({
      event: 'participant_joined',
      room,
      identity: 'sip_+12125550155',
      attributes: { 'sip.callStatus': 'active', ...attributes },
    });

  it('to the line’s profile, once however often it is told, and never by the caller’s number', async () => {
    const admin = await signIn('admin');
    const carrier = await made(await post('/api/carriers', sipCarrier, admin));
    const phone = freshNumber('00');
    const line = { carrierId: carrier.carrierId, label: '', profile: 'loan-interest' };
    await send('PUT', `/api/lines/${encodeURIComponent(phone)}`, admin, line);
    const room = `line_${phone}_abc123`;
    const attributes = { 'sip.trunkPhoneNumber': phone.slice(1), 'sip.phoneNumber': '+12125550155' };
    for (let time = 0; time < 2; time++) expect((await caller(room, attributes)).status).toBe(200);
    const callRoom = env.CALL_ROOM.getByName(await callIdOf(room));
    const { events } = (await callRoom.events(0))!;
    expect(events.map((event) => event.type).slice(0, 2)).toEqual(['callRequested', 'customerJoined']);
    expect(events.filter((event) => event.type === 'customerJoined')).toHaveLength(1);
    expect(events[0]).toMatchObject({
      room,
      profile: 'loan-interest',
      channel: 'phone',
      phone: { direction: 'inbound', number: '+12125550155', line: phone },
    });
    const { room: _room, phone: _phone, ...rest } = events[0] as unknown as Record<string, unknown>;
    expect(JSON.stringify([rest, events[1]])).not.toContain('2125550155');
    await webhook({ event: 'participant_left', room, identity: 'sip_+12125550155' });
    expect((await callRoom.events(0))!.events.at(-1)).toMatchObject({ type: 'customerLeft' });
  });

  it('to nobody: the room is closed', async () => {
    const room = `line_+12129999999_${crypto.randomUUID()}`;
    await caller(room, { 'sip.trunkPhoneNumber': '+12129999999', 'sip.phoneNumber': 'anonymous' });
    const report = await (await fetch(`http://livekit.test/report/${room}`)).json();
    expect(report).toMatchObject({ asked: { DeleteRoom: 1 } });
    expect(await env.CALL_ROOM.getByName(await callIdOf(room)).summary()).toBeNull();
  });
});
