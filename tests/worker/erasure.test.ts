import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { describe, expect, it, vi } from 'vitest';
import { auditStatement } from '../../database/audit.ts';
import { transcriptOf } from '../../database/calls.ts';
import { beginErasure, erasureNamed } from '../../database/erasures.ts';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import { summarise } from '../../domain/call/summary.ts';
import type { Erasure } from '../../protocol/api/privacy.ts';
import type { CallRoom } from '../../worker/index.ts';
import { runErasures } from '../../worker/privacy/run-erasures.ts';
import { campaignRow } from './campaigns.ts';
import { everythingKept, placesOf } from './everything-kept.ts';
import { ask, eventsOf, openAgentDoor, post, signIn, watch, words } from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const NAME = 'Xanthippe Quillfeather';
const SAID = 'my zebrafinch lives in the blue car';
const WHY = 'asks for the wombat desk';
const END = 'said goodbye to the narwhal';
const MARKERS = ['xanthippe', 'quillfeather', 'zebrafinch', 'wombat', 'narwhal'];

async function planted(
  name: string | null = NAME,
): Promise<{ callId: string; room: DurableObjectStub<CallRoom> }> {
  const callId = uuidv7();
  const room = env.CALL_ROOM.getByName(callId);
  await room.take({
    type: 'requestCall',
    callId,
    epoch: crypto.randomUUID(),
    room: `call-${callId}`,
    profile: 'auto-sales',
    channel: 'lab',
    media: 'silent',
    contact: { name },
    requestedBy: 'test',
  });
  await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
  await room.take({
    type: 'agentHello',
    offer: 1,
    session: 'session-1',
    hostId: 'host-1',
    identity: 'agent-1',
    agentClockMs: Date.now(),
  });
  await room.observe('session-1', { id: 'o1', observation: said });
  await room.observe('session-1', { id: 'o2', observation: { type: 'humanRequested', reason: WHY } });
  return { callId, room };
}
const said = words('u1', SAID);

const end = (room: DurableObjectStub<CallRoom>) =>
  room.observe('session-1', {
    id: 'end',
    observation: { type: 'sessionEnding', by: 'customer', reason: END },
  });

/** The call's end has reached D1 and R2. */
const atRest = (callId: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const row = env.DB.prepare('SELECT phase FROM calls WHERE call_id = ?').bind(callId);
      expect(await row.first('phase')).toBe('ended');
      expect(await env.ARCHIVE.head(`calls/${callId}/transcript.json`)).not.toBeNull();
    },
    { timeout: 20_000 },
  );

async function endedCall(name: string | null = NAME) {
  const call = await planted(name);
  await end(call.room);
  await atRest(call.callId);
  return call;
}

async function erase(of: object): Promise<Erasure> {
  const admin = await signIn('admin');
  const response = await post('/api/erasures', { of }, admin);
  expect(response.status).toBe(202);
  const { erasure } = await response.json<{ erasure: Erasure }>();
  return vi.waitFor(
    async () => {
      const read = await ask(`/api/erasures/${erasure.id}`, { headers: admin });
      const now = (await read.json<{ erasure: Erasure }>()).erasure;
      if (now.state === 'running') await runErasures(env, Date.now());
      expect(now.state).toBe('done');
      return now;
    },
    { timeout: 30_000, interval: 200 },
  );
}

describe('PRIVACY-5 erasing a person', () => {
  it('leaves no trace of name or words anywhere, and the call itself everywhere', async () => {
    await post(
      '/api/webhooks',
      { url: 'http://127.0.0.1:9/', events: ['call.requested', 'call.ended'], includePersonalData: true },
      await signIn('admin'),
    );
    const { callId, room } = await endedCall();
    const other = await endedCall('Somebody Else');
    // What a repeated create would be answered with, and work that was given up, hold the name too.
    await env.DB.prepare(
      `INSERT INTO idempotency_keys (name, body_hash, new_id, claimed_at_ms, status, body) VALUES ('k', 'h', ?, ?, 201, ?)`,
    )
      .bind(callId, Date.now(), JSON.stringify({ token: NAME }))
      .run();
    await runInDurableObject(room, (_object, { storage }) => {
      storage.sql.exec(
        `INSERT INTO outbox (key, effect, state, attempts, version, due_at_ms) VALUES ('1:notify', ?, 'parked', 12, 1, 0)`,
        JSON.stringify({ type: 'notify', occurrence: { id: 'x', contactName: NAME } }),
      );
    });
    const before = placesOf(await everythingKept([callId]), MARKERS);
    for (const place of [
      'D1 calls',
      'D1 transcripts',
      'D1 idempotency_keys',
      'Board',
      'WebhookDesk',
      `CallRoom ${callId}`,
      `R2 calls/${callId}/ledger.ndjson`,
      `R2 calls/${callId}/transcript.json`,
    ])
      expect(before).toContain(place);

    const found = await env.DB.prepare('SELECT count(*) AS calls FROM calls WHERE contact_name = ?')
      .bind(NAME)
      .first('calls');
    expect(await erase({ kind: 'contactName', name: ' xanthippe  QUILLFEATHER' })).toMatchObject({
      calls: found,
      erased: found,
    });
    const kept = await everythingKept([callId]);
    expect(placesOf(kept, ['xanthippe', 'quillfeather'])).toEqual([]);
    const otherCall = [`R2 calls/${other.callId}/ledger.ndjson`, `R2 calls/${other.callId}/transcript.json`];
    // What somebody else said stays; the board's and the desk's copies of that call hold no marker but its words.
    expect(placesOf(kept, MARKERS).filter((place) => place.includes(callId))).toEqual([]);
    expect(placesOf(kept, MARKERS)).toEqual(expect.arrayContaining(otherCall));
    expect(kept['D1 calls']).toContain(callId);

    await erase({ kind: 'calls', callIds: [other.callId] });
    expect(placesOf(await everythingKept([callId, other.callId]), MARKERS)).toEqual([]);
  });

  it('rewrites the ledger in place: it still folds to the state, and D1 and R2 equal the rebuild', async () => {
    const { callId, room } = await endedCall();
    const before = (await room.events(0))!;
    await erase({ kind: 'calls', callIds: [callId] });
    const after = (await room.events(0))!;
    const shape = (events: readonly CallEvent[]) =>
      events.map(({ type, seq, atMs }) => ({ type, seq, atMs }));
    expect(shape(after.events.slice(0, -1))).toEqual(shape(before.events));
    expect(after.events.at(-1)).toMatchObject({ type: 'personalDataErased', words: true, contact: true });
    expect(after.epoch).not.toBe(before.epoch);
    const rebuilt = foldCall(after.events as CallEvent[])!;
    expect(await room.summary()).toEqual(JSON.parse(JSON.stringify(summarise(rebuilt))));
    expect(rebuilt.transcript.map((each) => each.text)).toEqual(['[erased]']);
    expect(rebuilt.end?.outcome).toBe('customerHungUp');
    expect(await transcriptOf(env.DB, callId)).toEqual(rebuilt.transcript);
    const archived = await (await env.ARCHIVE.get(`calls/${callId}/ledger.ndjson`))!.text();
    expect(
      archived
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(after.events);
    await evictDurableObject(room);
    expect((await room.events(0))!.events).toEqual(after.events);
    await runInDurableObject(room, (_object, { storage }) => {
      expect(() => storage.sql.exec(`UPDATE ledger SET facts = '[{}]' WHERE seq = 1`)).toThrow(
        'never changed',
      );
    });
  });

  it('while it is rewritten the database still refuses another kind, place or time', async () => {
    const { room } = await endedCall();
    await runInDurableObject(room, (_object, { storage: { sql } }) => {
      sql.exec('INSERT INTO ledger_being_erased (one) VALUES (1)');
      for (const change of [
        `facts = '[]'`,
        `facts = '[{"type":"other"}]'`,
        'seq = 900',
        'at_ms = 0',
        `observed = '{}'`,
      ])
        expect(() => sql.exec(`UPDATE ledger SET ${change} WHERE seq = 1`)).toThrow();
      sql.exec('DELETE FROM ledger_being_erased');
    });
  });

  it('late words do not come back: a repeat is recognised, new ones are refused', async () => {
    const { callId, room } = await endedCall();
    await erase({ kind: 'calls', callIds: [callId] });
    const head = (await room.events(0))!.head;
    expect(await room.observe('session-1', { id: 'o1', observation: said })).toEqual({
      type: 'ack',
      id: 'o1',
    });
    expect(await room.observe('session-1', { id: 'late', observation: words('u9', SAID) })).toMatchObject({
      type: 'refused',
      code: 'call_ended',
    });
    expect((await room.events(0))!.head).toBe(head);
    expect(await room.erase({ words: true, contact: true, by: 'again' })).toBe('erased');
    expect((await room.events(0))!.head).toBe(head);
    const agent = await openAgentDoor(callId);
    agent.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 'session-1',
      identity: 'agent-1',
      clockMs: Date.now(),
    });
    const welcome = await agent.until((messages) => messages.find((each) => each.type === 'welcome'));
    expect(welcome).toMatchObject({ contact: { name: null }, history: [{ text: '[erased]' }] });
  });

  it('who watches is sent away and begins anew with what is left', async () => {
    const { callId, room } = await endedCall();
    const admin = await signIn('admin');
    const monitor = await watch(callId, admin);
    await monitor.until((messages) => eventsOf(messages).length > 0);
    const { head, epoch } = (await room.events(0))!;
    await erase({ kind: 'calls', callIds: [callId] });
    expect(await monitor.until((_messages, { closed }) => closed ?? undefined)).toMatchObject({ code: 4300 });
    const back = await watch(callId, admin, `&since=${head}&epoch=${epoch}`);
    await back.until((messages) => eventsOf(messages).some((each) => each.type === 'personalDataErased'));
    expect(back.messages.map((each) => each.type).slice(0, 3)).toEqual(['hello', 'reset', 'events']);
    expect(eventsOf(back.messages)[0]?.seq).toBe(1);
    expect(JSON.stringify(back.messages)).not.toContain('zebrafinch');
  });
});

describe('PRIVACY-6 a call in progress', () => {
  it('goes on with what it knows and is erased when it ends, whatever happened to its memory', async () => {
    const { callId, room } = await planted();
    expect(await room.erase({ words: true, contact: true, by: 'test' })).toBe('waiting');
    expect((await room.transcript())!.map((each) => each.text)).toEqual([SAID]);
    await evictDurableObject(room);
    await end(room);
    expect((await room.transcript())!.map((each) => each.text)).toEqual(['[erased]']);
    await vi.waitFor(async () => {
      expect(await room.erase({ words: true, contact: true, by: 'test' })).toBe('erased');
      expect(
        placesOf(await everythingKept([callId]), MARKERS).filter((place) => place.includes(callId)),
      ).toEqual([]);
    });
    const erased = (await room.events(0))!.events.filter((each) => each.type === 'personalDataErased');
    expect(erased).toHaveLength(1);
  });
});

describe('PRIVACY-7 an erasure', () => {
  const begin = (callIds: readonly string[], atMs: number): Promise<Erasure> =>
    beginErasure(
      env.DB,
      { id: uuidv7(), by: 'user:test', of: { kind: 'calls', callIds }, atMs },
      auditStatement(
        env.DB,
        {
          action: 'personalData.erased',
          actor: 'user:test',
          actorName: null,
          subject: null,
          detail: null,
          address: null,
          requestId: null,
        },
        atMs,
      ),
    );

  it('that nobody goes on with is resumed by the sweep, and done when its last call is', async () => {
    const ended = await endedCall();
    const running = await planted();
    const { id, calls } = await begin([ended.callId, running.callId, uuidv7()], Date.now());
    expect(calls).toBe(2);
    await vi.waitFor(async () => {
      await runErasures(env, Date.now());
      expect(await erasureNamed(env.DB, id)).toMatchObject({ state: 'running', erased: 1 });
    });
    await end(running.room);
    await vi.waitFor(async () => {
      await runErasures(env, Date.now());
      expect(await erasureNamed(env.DB, id)).toMatchObject({ state: 'done', erased: 2 });
    });
  });

  it('that is not through after three days has failed, and is not tried again', async () => {
    const { callId, room } = await planted();
    const { id } = await begin([callId], Date.now() - 4 * 86_400_000);
    await runErasures(env, Date.now());
    expect(await erasureNamed(env.DB, id)).toMatchObject({ state: 'failed', erased: 0 });
    await end(room);
    expect((await room.transcript())!.map((each) => each.text)).toEqual([SAID]);
  });

  it('of nobody is done at once; it is listed, and the log does not say whom', async () => {
    const admin = await signIn('admin');
    const name = 'Nobody Ofthisname';
    const made = await post('/api/erasures', { of: { kind: 'contactName', name } }, admin);
    const { erasure } = await made.json<{ erasure: Erasure }>();
    expect(erasure).toMatchObject({ calls: 0, erased: 0, state: 'done' });
    const list = await (
      await ask('/api/erasures?limit=1', { headers: admin })
    ).json<{ erasures: Erasure[] }>();
    expect(list.erasures).toEqual([erasure]);
    const log = await env.DB.prepare('SELECT action, detail FROM audit WHERE subject = ?')
      .bind(`erasure:${erasure.id}`)
      .all();
    expect(log.results).toEqual([{ action: 'personalData.erased', detail: "by the contact's name" }]);
    expect(placesOf(await everythingKept([]), ['ofthisname'])).toEqual([]);
    expect((await ask(`/api/erasures/${uuidv7()}`, { headers: admin })).status).toBe(404);
  });
});

describe('PRIVACY-10 erasing a person who is a lead', () => {
  it('leaves no trace of name, number or columns, and the do-not-call entry; others stay', async () => {
    const admin = await signIn('admin');
    const campaignId = await campaignRow();
    const [phone, kept] = ['+12125557001', '+12125557002'];
    const add = (lead: object) =>
      post(
        `/api/campaigns/${campaignId}/leads`,
        {
          country: 'US',
          lead: { name: null, email: null, zone: null, postalCode: null, fields: {}, consent: null, ...lead },
        },
        { ...admin, 'idempotency-key': crypto.randomUUID() },
      );
    const added = await add({
      phone,
      name: 'Eulalia  PETTIGREW',
      email: 'eulalia@example.com',
      fields: { car: 'quokka' },
    });
    const { lead } = await added.json<{ lead: { leadId: string } }>();
    await add({ phone: kept, name: 'Somebody Else' });
    const { callId, room } = await endedCall(null);
    await end(room);
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO dials (call_id, campaign_id, lead_id, phone, carrier_id, started_at_ms, ended_at_ms, outcome)
         VALUES (?, ?, ?, ?, 'lab', 1, 2, 'completed')`,
      ).bind(callId, campaignId, lead.leadId, phone),
      env.DB.prepare(
        `INSERT INTO imports (import_id, kind, campaign_id, file_name, file_bytes, fingerprint, mapping, status, created_by,
           created_at_ms, changed_at_ms) VALUES ('i1', 'leads', ?, 'f.csv', 1, 'f', '{}', 'done', 'test', 1, 1)`,
      ).bind(campaignId),
      ...[
        [1, ['(212) 555-7001', 'x']],
        [2, ['12', 'eulalia', 'Pettigrew', 'quokka']],
        [3, ['12', 'Somebody Else']],
      ].map(([row, cells]) =>
        env.DB.prepare(`INSERT INTO import_rejects VALUES ('i1', ?, 'phone_invalid', '', ?)`).bind(
          row,
          JSON.stringify(cells),
        ),
      ),
    ]);
    await post('/api/suppressions', { phone, country: 'US', reason: 'asked us' }, admin);
    const markers = ['eulalia', 'pettigrew', 'quokka', phone, '555-7001'];
    const before = placesOf(await everythingKept([callId]), markers);
    for (const place of [
      'D1 leads',
      'D1 dials',
      'D1 import_rejects',
      'D1 idempotency_keys',
      'D1 suppressions',
    ])
      expect(before).toContain(place);

    expect(await erase({ kind: 'contactName', name: 'eulalia pettigrew' })).toMatchObject({
      calls: 1,
      erased: 1,
    });
    const after = await everythingKept([callId]);
    expect(placesOf(after, markers)).toEqual(['D1 suppressions']);
    expect(after['D1 leads']).toContain(kept);
    expect(after['D1 import_rejects']).toContain('Somebody Else');
    expect(
      await env.DB.prepare('SELECT phone FROM dials WHERE call_id = ?').bind(callId).first('phone'),
    ).toBe('erased');
    // Were the number imported again, it would not be called.
    const again = await add({ phone });
    expect(await again.json()).toMatchObject({ lead: { status: 'doNotCall' } });
  });

  it('by a call that dialled them; a dial in progress keeps its number until it has ended', async () => {
    const admin = await signIn('admin');
    const campaignId = await campaignRow();
    const { callId } = await endedCall(null);
    const phone = '+12125557003';
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO leads (lead_id, campaign_id, phone, name, fields, status, created_at_ms)
         VALUES ('l1', ?, ?, 'Eulalia', '{}', 'dialling', 1)`,
      ).bind(campaignId, phone),
      env.DB.prepare(
        `INSERT INTO dials (call_id, campaign_id, lead_id, phone, carrier_id, started_at_ms) VALUES (?, ?, 'l1', ?, 'lab', 1)`,
      ).bind(callId, campaignId, phone),
    ]);
    const response = await post('/api/erasures', { of: { kind: 'calls', callIds: [callId] } }, admin);
    const { erasure } = await response.json<{ erasure: Erasure }>();
    await vi.waitFor(async () => {
      await runErasures(env, Date.now());
      const copies = await everythingKept([callId]);
      expect(placesOf(copies, [phone])).toEqual(['D1 dials']);
    });
    expect((await erasureNamed(env.DB, erasure.id))?.state).toBe('running');
    await env.DB.prepare(`UPDATE dials SET ended_at_ms = 2, outcome = 'completed' WHERE call_id = ?`)
      .bind(callId)
      .run();
    await vi.waitFor(async () => {
      await runErasures(env, Date.now());
      expect((await erasureNamed(env.DB, erasure.id))?.state).toBe('done');
    });
    expect(placesOf(await everythingKept([callId]), [phone])).toEqual([]);
  });
});
