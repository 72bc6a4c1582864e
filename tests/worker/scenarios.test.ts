import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { Heartbeat } from '../../protocol/fleet.ts';
import type { RehearsalOffer } from '../../protocol/scenario.ts';
import { HOST, ask, callInProgress, welcomedAgent, post, signIn, words } from './world.ts';

let admin: Record<string, string>;
beforeAll(async () => {
  admin = await signIn('admin');
});

const host: Heartbeat = {
  protocol: PROTOCOL_VERSION,
  ...{ hostId: 'scene-host', agentName: 'scene-host', startedAtMs: 1, seats: 1, activeCallIds: [] },
  ...{ draining: false, callsFailed: 0, callsServed: 0, firstAudioP95Ms: null },
};
const beat = async (change: Partial<Heartbeat> = {}) =>
  (await post('/api/fleet/heartbeat', { ...host, ...change }, HOST)).json<{
    rehearsals?: RehearsalOffer[];
  }>();
afterEach(() => beat({ draining: true }));

const scenario = {
  name: 'Asks about Sunday',
  customerName: 'Robin',
  lines: ['Are you open on Sunday?', 'Thank you, goodbye.'],
  expectations: [{ kind: 'agentSays', text: 'closed on Sunday' }],
};
interface Row {
  readonly scenarioId: string;
  readonly scenario: { readonly lines: string[] };
}
async function added(): Promise<Row> {
  const made = await post('/api/scenarios', { slug: 'auto-sales', scenario }, admin);
  expect(made.status).toBe(201);
  return (await made.json<{ scenario: Row }>()).scenario;
}
const runs = async (id: string) =>
  (await ask(`/api/scenarios/${id}/runs`, { headers: admin })).json<{
    runs: { callId: string; version: number; verdict: { passed: boolean } | null }[];
  }>();
const say = (speaker: 'agent' | 'customer', text: string, id: string) => ({
  id,
  observation: { ...words(id, text), speaker },
});

describe('SCENE-1 a scenario is held as a call of its own', () => {
  test('offered to a host with its heartbeat; the agent is told what the customer says; the ledger is judged once', async () => {
    const { scenarioId } = await added();
    await beat();
    const begun = await post(`/api/scenarios/${scenarioId}/runs`, { with: 'published' }, admin);
    expect(begun.status).toBe(202);
    const { rehearsals } = await beat();
    const [offer] = rehearsals!;
    expect(rehearsals).toHaveLength(1);
    expect((await beat()).rehearsals).toBeUndefined();
    const claims = { offer: offer!.offer, hostId: 'scene-host' };
    const { agent: door, welcome } = await welcomedAgent(offer!.callId, claims);
    expect(welcome).toMatchObject({
      rehearsal: { lines: scenario.lines },
      profile: { slug: 'auto-sales' },
      contact: { name: 'Robin' },
    });
    expect((await runs(scenarioId)).runs).toMatchObject([{ version: 1, verdict: null }]);
    door.say({
      type: 'observe',
      observations: [
        say('customer', scenario.lines[0]!, 'o1'),
        say('agent', 'We are closed on Sunday.', 'o2'),
        say('customer', scenario.lines[1]!, 'o3'),
        {
          id: 'o4',
          observation: { type: 'sessionEnding', by: 'customer', reason: 'the scenario is through' },
        },
      ],
    });
    await vi.waitFor(async () =>
      expect((await runs(scenarioId)).runs).toMatchObject([
        { callId: offer!.callId, verdict: { passed: true, problem: null, checks: [{ met: true }] } },
      ]),
    );
    // What it expects may change; what was found then stands.
    await ask(`/api/scenarios/${scenarioId}`, {
      method: 'PUT',
      headers: { ...admin, 'content-type': 'application/json' },
      body: JSON.stringify({ scenario: { ...scenario, expectations: [{ kind: 'asksForPerson' }] } }),
    });
    expect((await runs(scenarioId)).runs).toMatchObject([{ verdict: { passed: true } }]);
  });

  test('not without a host, an agent or lines', async () => {
    const { scenarioId } = await added();
    expect((await post(`/api/scenarios/${scenarioId}/runs`, { with: 'draft' }, admin)).status).toBe(409);
    expect((await post('/api/scenarios', { slug: 'nobody', scenario }, admin)).status).toBe(404);
    expect(
      (await post('/api/scenarios', { slug: 'auto-sales', scenario: { ...scenario, lines: [] } }, admin))
        .status,
    ).toBe(400);
    expect(
      (await post('/api/scenarios', { slug: 'auto-sales', scenario }, await signIn('viewer'))).status,
    ).toBe(403);
  });
});

test('SCENE-3 nothing is written or sent by its tools', async () => {
  const { scenarioId } = await added();
  await beat();
  await post(`/api/scenarios/${scenarioId}/runs`, { with: 'draft' }, admin);
  const [offer] = (await beat()).rehearsals!;
  await welcomedAgent(offer!.callId, { offer: 1, hostId: 'scene-host' });
  const used = await post(
    `/api/agent/calls/${offer!.callId}/tools/create_vehicle`,
    { useId: 'u1', arguments: { vin: '1HGCM82633A004352', make: 'Honda', model: 'Accord', year: 2003 } },
    { authorization: `Bearer ${offer!.doorToken}` },
  );
  expect(await used.json()).toMatchObject({
    ok: true,
    result: { rehearsal: expect.stringContaining('nothing') },
  });
  expect(
    await env.DB.prepare('SELECT vin FROM vehicles WHERE vin = ?').bind('1HGCM82633A004352').first(),
  ).toBeNull();
});

test('SCENE-4 one that was made of a call goes with its words', async () => {
  const { callId, room, session } = await callInProgress();
  await room.observe(session, { id: 'o1', observation: words('u1', 'I would like the blue van.') });
  expect((await post(`/api/calls/${callId}/scenario`, {}, admin)).status).toBe(409);
  await room.take({ type: 'hangUp', by: 'u1' });
  const made = await post(`/api/calls/${callId}/scenario`, {}, admin);
  const { scenario: row } = await made.json<{ scenario: Row }>();
  expect(row.scenario.lines).toEqual(['I would like the blue van.']);
  await room.erase({ by: 'test', words: true, contact: false });
  await vi.waitFor(async () =>
    expect((await ask(`/api/scenarios/${row.scenarioId}/runs`, { headers: admin })).status).toBe(404),
  );
});
