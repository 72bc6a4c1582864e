import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { describe, expect, it, vi } from 'vitest';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import type { Profile } from '../../domain/profile/profile.ts';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { freshAddress, plan, receivedBy, textOf } from './receivers.ts';
import { callInProgress, post, words } from './world.ts';

const ACCORD = '1HGCM82633A004352';
const CAR = { vin: ACCORD, make: 'Honda', model: 'Accord', year: 2003 };
const carDealer = exampleProfiles.find(({ slug }) => slug === 'auto-sales')!;
const SECRET = 'stock-secret-value-7';

const doorOf = async (callId: string, claims = { offer: 1, hostId: 'host-1' }) => ({
  authorization: `Bearer ${await signDoorToken({ callId, ...claims }, 'test-door-secret-test-door-secret', Date.now())}`,
});

const useAs = async (
  headers: Record<string, string>,
  callId: string,
  tool: string,
  given: object,
  useId = crypto.randomUUID(),
) => post(`/api/agent/calls/${callId}/tools/${tool}`, { useId, arguments: given }, headers);

/** As the agent of the call. */
async function use(callId: string, tool: string, given: object, useId?: string) {
  const response = await useAs(await doorOf(callId), callId, tool, given, useId);
  expect(response.status).toBe(200);
  return response.json<{ ok: boolean; problem?: string; result?: unknown }>();
}

/** A call in progress whose profile is the car dealer's with these changes. */
async function callWith(change: Partial<Profile>): Promise<string> {
  const callId = uuidv7();
  const room = env.CALL_ROOM.getByName(callId);
  const request = {
    ...{ callId, epoch: crypto.randomUUID(), room: `call-${callId}`, profile: 'auto-sales' },
    ...({ channel: 'lab', media: 'silent', contact: { name: null }, requestedBy: 'test' } as const),
  };
  await room.request(request, { ...carDealer, ...change });
  await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
  await room.take({
    ...{ type: 'agentHello', offer: 1, session: 'session-1', hostId: 'host-1', identity: 'agent-1' },
    agentClockMs: Date.now(),
  });
  return callId;
}

const rows = async (sql: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<Record<string, unknown>>()
  ).results;
/** Each test has a car of its own. */
let made = 0;
function freshVin(): string {
  // Outside North America no check digit is demanded.
  return `WVWZZZ1KZ6W${String(100_000 + made++)}`;
}

describe('TOOL-1 who may use which tool', () => {
  it('only the agent that serves the call, and none after its end', async () => {
    const { callId, room } = await callInProgress();
    const ask = async (headers: Record<string, string>) =>
      (await useAs(headers, callId, 'look_up_vehicle', { vin: ACCORD })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: 'Bearer test-agent-host-key' })).toBe(401);
    const other = await callInProgress();
    expect(await ask(await doorOf(other.callId))).toBe(403);
    expect(await ask(await doorOf(callId, { offer: 2, hostId: 'host-1' }))).toBe(409);
    expect(await ask(await doorOf(callId, { offer: 1, hostId: 'host-2' }))).toBe(409);
    expect(await ask(await doorOf(callId))).toBe(200);
    await room.take({ type: 'hangUp', by: 'test' });
    expect(await ask(await doorOf(callId))).toBe(409);
  });

  it('only what the profile says that the call was begun with', async () => {
    const callId = await callWith({ tools: ['look_up_vehicle'] });
    const status = async (tool: string) => (await useAs(await doorOf(callId), callId, tool, CAR)).status;
    expect(await status('create_vehicle')).toBe(404);
    expect(await status('end_call')).toBe(404);
    expect(await status('toString')).toBe(404);
    expect((await useAs(await doorOf(callId), callId, 'look_up_vehicle', { vin: ACCORD })).status).toBe(200);
  });
});

describe('TOOL-4 vehicles', () => {
  it('an unknown VIN says what it tells by itself; created, it is found and read', async () => {
    const { callId } = await callInProgress();
    expect(await use(callId, 'look_up_vehicle', { vin: '5YJSA1E27HF000337' })).toEqual({
      ok: true,
      result: {
        ...{ found: false, vin: '5YJSA1E27HF000337' },
        saysItself: { maker: 'Tesla', modelYear: 2017, checkDigit: 'right' },
      },
    });
    const tesla = { vin: '5YJSA1E27HF000337', make: 'Tesla', model: 'Model S', year: 2017 };
    const stands = { ...tesla, color: 'red', price: null, note: null };
    expect(await use(callId, 'create_vehicle', { ...tesla, color: 'red' })).toEqual({
      ok: true,
      result: { created: true, ...stands },
    });
    expect(await use(callId, 'look_up_vehicle', { vin: tesla.vin })).toEqual({
      ok: true,
      result: { found: true, ...tesla },
    });
    expect(await use(callId, 'read_vehicle', {})).toEqual({ ok: true, result: stands });
    expect(await rows('SELECT call_id, found FROM vehicle_lookups WHERE vin = ?', tesla.vin)).toEqual([
      { call_id: callId, found: 1 },
    ]);
  });

  it('a number that is no VIN is a problem to speak of, not a refusal', async () => {
    const { callId } = await callInProgress();
    expect(await use(callId, 'look_up_vehicle', { vin: '1HGCM82634A004352' })).toEqual({
      ok: false,
      problem: expect.stringContaining('check digit') as string,
    });
    expect(await use(callId, 'look_up_vehicle', { vin: 17 })).toMatchObject({ ok: false });
    expect(await use(callId, 'create_vehicle', { ...CAR, year: 'old' })).toMatchObject({ ok: false });
  });

  it('the same creation again changes nothing; another content says what is there', async () => {
    const { callId } = await callInProgress();
    const car = { vin: freshVin(), make: 'Volkswagen', model: 'Golf', year: 2006 };
    const first = await use(callId, 'create_vehicle', car, 'one');
    expect(await use(callId, 'create_vehicle', car, 'one')).toEqual(first);
    expect(await use(callId, 'create_vehicle', { ...car, make: ' volkswagen' })).toEqual(first);
    expect(await use(callId, 'create_vehicle', { ...car, year: 2007 })).toEqual({
      ok: false,
      problem: expect.stringContaining('2006 Volkswagen Golf') as string,
    });
    expect(await rows('SELECT year FROM vehicles WHERE vin = ?', car.vin)).toEqual([{ year: 2006 }]);
    expect(await rows('SELECT 1 FROM vehicle_lookups WHERE call_id = ?', callId)).toHaveLength(1);
  });

  it('what was not looked up in this call is not read', async () => {
    const { callId } = await callInProgress();
    expect(await use(callId, 'read_vehicle', {})).toMatchObject({ ok: false });
    expect(await use(callId, 'read_vehicle', { vin: ACCORD })).toMatchObject({ ok: false });
  });

  it('PRIVACY-5 an erased call leaves no link to the vehicle it was about', async () => {
    const { callId, room } = await callInProgress();
    const vin = freshVin();
    await room.observe('session-1', { id: 'o1', observation: words('u1', 'my car') });
    await use(callId, 'create_vehicle', { vin, make: 'Volkswagen', model: 'Golf', year: 2006 });
    await room.take({ type: 'hangUp', by: 'test' });
    // A copy of its end may be on its way still: then it is erased behind it.
    expect(['erased', 'owing']).toContain(await room.erase({ by: 'test', words: true, contact: false }));
    await vi.waitFor(async () => {
      expect(await rows('SELECT 1 FROM vehicle_lookups WHERE call_id = ?', callId)).toEqual([]);
    });
    expect(await rows('SELECT found FROM vehicle_lookups WHERE vin = ?', vin)).toEqual([{ found: 1 }]);
    expect(await rows('SELECT created_in_call AS call FROM vehicles WHERE vin = ?', vin)).toEqual([
      { call: 'erased' },
    ]);
  });
});

describe('TOOL-6 tools that an admin defined', () => {
  const parameters = {
    type: 'object',
    properties: {
      model: { type: 'string' },
      doors: { type: 'integer' },
      fuel: { type: 'string', enum: ['petrol', 'electric'] },
    },
    required: ['model'],
  };

  async function callWithTool(
    change: { method?: 'GET' | 'POST'; url?: string; headers?: object; timeoutMs?: number } = {},
  ) {
    const name = `stock_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
    const url = change.url ?? freshAddress();
    await env.DB.prepare(
      `INSERT INTO http_tools (name, description, method, url, parameters, headers, timeout_ms, created_at_ms)
       VALUES (?, 'Looks into the stock.', ?, ?, ?, ?, ?, 0)`,
    )
      .bind(
        name,
        change.method ?? 'POST',
        url,
        JSON.stringify(parameters),
        JSON.stringify(change.headers ?? { authorization: 'Bearer {{secret.STOCK}}' }),
        change.timeoutMs ?? 2_000,
      )
      .run();
    return { callId: await callWith({ httpTools: [name] }), name, url };
  }
  const json = (body: unknown) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  it('are asked with checked arguments and the secret, and answer', async () => {
    const { callId, name, url } = await callWithTool();
    await plan(url, json({ inStock: 3, youSent: `Bearer ${SECRET}` }));
    const answer = await use(callId, name, { model: 'Golf', doors: null }, 'use-1');
    // A service that sends the secret back tells it to nobody.
    expect(answer).toEqual({ ok: true, result: { inStock: 3, youSent: 'Bearer [secret]' } });
    const [received] = await receivedBy(url);
    expect(JSON.parse(textOf(received!))).toEqual({ model: 'Golf' });
    expect(received?.headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      'idempotency-key': 'use-1',
    });
  });

  it('GET puts the arguments into the query', async () => {
    const { callId, name, url } = await callWithTool({ method: 'GET', headers: {} });
    const asked = `${url}?model=Golf+%26+Co&doors=5`;
    await plan(asked, { status: 200, body: 'three left' });
    expect(await use(callId, name, { model: 'Golf & Co', doors: 5 })).toEqual({
      ok: true,
      result: 'three left',
    });
  });

  it.each([
    [{}],
    [{ model: 7 }],
    [{ model: 'Golf', doors: 2.5 }],
    [{ model: 'Golf', fuel: 'steam' }],
    [{ model: 'Golf', and: 'more' }],
  ])('arguments %j are never sent', async (given) => {
    const { callId, name, url } = await callWithTool();
    expect(await use(callId, name, given)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/argument/i) as string,
    });
    expect(await receivedBy(url)).toEqual([]);
  });

  it('a service that fails, redirects, or says too much leaves words to go on with', async () => {
    for (const bad of [
      { status: 500, body: 'secret plans' },
      { status: 302, headers: { location: 'http://169.254.169.254/' } },
      { status: 200, body: 'x'.repeat(33 * 1024) },
    ]) {
      const { callId, name, url } = await callWithTool();
      await plan(url, bad);
      const answer = await use(callId, name, { model: 'Golf' });
      expect(answer).toMatchObject({
        ok: false,
        problem: expect.stringContaining('offer a colleague') as string,
      });
      expect(JSON.stringify(answer)).not.toContain('secret plans');
      expect(await receivedBy(url)).toHaveLength(1);
    }
  });

  it('an address that is not public, or a missing secret: nothing is sent', async () => {
    const inside = await callWithTool({ url: 'http://169.254.169.254/latest' });
    expect(await use(inside.callId, inside.name, { model: 'Golf' })).toMatchObject({ ok: false });
    expect(await receivedBy(inside.url)).toEqual([]);
    const without = await callWithTool({ headers: { authorization: '{{secret.NOBODY_SET_IT}}' } });
    expect(await use(without.callId, without.name, { model: 'Golf' })).toMatchObject({ ok: false });
    expect(await receivedBy(without.url)).toEqual([]);
  });

  it('of another profile are not there', async () => {
    const { name } = await callWithTool();
    const other = await callWith({ httpTools: [] });
    expect((await useAs(await doorOf(other), other, name, { model: 'Golf' })).status).toBe(404);
  });
});
