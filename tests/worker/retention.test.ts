import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readRetention } from '../../database/retention.ts';
import type { Retention } from '../../protocol/api/privacy.ts';
import type { CallRoom } from '../../worker/index.ts';
import worker from '../../worker/index.ts';
import { beginRetention, goOnWithRetention } from '../../worker/privacy/run-retention.ts';
import { everythingKept, placesOf } from './everything-kept.ts';
import { ask, post, signIn, words } from './world.ts';

const DAY_MS = 86_400_000;
const NAME = 'Peregrine Oddfellow';
const SAID = 'the axolotl wants a red car';
const FOR_EVER: Retention = { wordsDays: null, contactsDays: null, callsDays: null, auditDays: null };

async function endedCall(): Promise<{ callId: string; room: DurableObjectStub<CallRoom> }> {
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
    contact: { name: NAME },
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
  await room.observe('session-1', { id: 'o1', observation: words('u1', SAID) });
  await room.take({ type: 'hangUp', by: 'test' });
  await vi.waitFor(async () => {
    expect((await callRow(callId))?.phase).toBe('ended');
    expect(await env.ARCHIVE.head(`calls/${callId}/transcript.json`)).not.toBeNull();
  });
  return { callId, room };
}

const callRow = (callId: string) =>
  env.DB.prepare('SELECT phase, words_erased, contact_erased FROM calls WHERE call_id = ?')
    .bind(callId)
    .first<{ phase: string; words_erased: number; contact_erased: number }>();

async function keep(retention: Partial<Retention>): Promise<void> {
  const response = await ask('/api/retention', {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...(await signIn('admin')) },
    body: JSON.stringify({ ...FOR_EVER, ...retention }),
  });
  expect(response.status).toBe(200);
}

/** The daily job, so many days from now. */
const inDays = (days: number): Promise<void> => beginRetention(env, Date.now() + days * DAY_MS);
/** The runtime's clock rings. */
const ring = (cron: string): Promise<void> =>
  worker.scheduled({ cron, scheduledTime: Date.now(), noRetry: () => undefined } as ScheduledController, env);
const lastRun = async () => (await readRetention(env.DB)).lastRun;

beforeEach(async () => {
  // Calls of the tests before are none of this one's.
  await env.DB.batch(
    ['transcripts', 'call_backs', 'call_results', 'calls'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  );
  await env.DB.prepare(
    'UPDATE retention SET words_days = NULL, contacts_days = NULL, calls_days = NULL, audit_days = NULL, running_since_ms = NULL',
  ).run();
});

describe('PRIVACY-8 how long data is kept', () => {
  it('words and contacts each go when their own time is over, and not before', async () => {
    const { callId, room } = await endedCall();
    await keep({ wordsDays: 10, contactsDays: 20 });
    const places = async (marker: string) => placesOf(await everythingKept([callId]), [marker]);
    await inDays(9);
    expect(await callRow(callId)).toMatchObject({ words_erased: 0, contact_erased: 0 });
    expect((await lastRun())?.words).toBe(0);

    await inDays(11);
    expect(await callRow(callId)).toMatchObject({ words_erased: 1, contact_erased: 0 });
    expect(await places('axolotl')).toEqual([]);
    expect(await places('oddfellow')).toContain('D1 calls');
    expect((await room.summary())?.contactName).toBe(NAME);
    expect(await lastRun()).toMatchObject({ words: 1, contacts: 0, calls: 0 });

    await inDays(21);
    expect(await callRow(callId)).toMatchObject({ words_erased: 1, contact_erased: 1 });
    expect(await places('oddfellow')).toEqual([]);
    expect(await lastRun()).toMatchObject({ words: 0, contacts: 1 });
    await inDays(22);
    expect(await lastRun()).toMatchObject({ words: 0, contacts: 0 });
    expect(await env.ARCHIVE.head(`calls/${callId}/ledger.ndjson`)).not.toBeNull();
  });

  it('whole calls go with their ledger, rows and archive; one in progress stays', async () => {
    const { callId, room } = await endedCall();
    const live = uuidv7();
    await env.CALL_ROOM.getByName(live).take({
      type: 'requestCall',
      callId: live,
      epoch: live,
      room: `call-${live}`,
      profile: 'auto-sales',
      channel: 'lab',
      media: 'silent',
      contact: { name: null },
      requestedBy: 'test',
    });
    await keep({ callsDays: 30 });
    await inDays(29);
    expect(await callRow(callId)).not.toBeNull();
    await inDays(31);
    expect(await callRow(callId)).toBeNull();
    expect(await room.summary()).toBeNull();
    expect(await room.events(0)).toBeNull();
    expect((await ask(`/api/calls/${callId}`, { headers: await signIn('admin') })).status).toBe(404);
    const kept = await everythingKept([callId]);
    expect(placesOf(kept, ['oddfellow', 'axolotl'])).toEqual([]);
    expect(Object.keys(kept).filter((place) => place.startsWith(`R2 calls/${callId}`))).toEqual([]);
    expect(await lastRun()).toMatchObject({ calls: 1 });
    expect(await env.CALL_ROOM.getByName(live).summary()).not.toBeNull();
    expect(await env.CALL_ROOM.getByName(live).remove()).toBe(false);
  });

  it('a row whose ledger is gone is blanked too', async () => {
    const { callId, room } = await endedCall();
    expect(await room.remove()).toBe(true);
    await keep({ wordsDays: 1, contactsDays: 1 });
    await inDays(2);
    expect(await callRow(callId)).toMatchObject({ words_erased: 1, contact_erased: 1 });
    expect(placesOf(await everythingKept([callId]), ['oddfellow', 'axolotl'])).toEqual([]);
  });

  it('old entries of the audit log go, younger ones stay, and what ended by itself goes', async () => {
    const nowMs = Date.now();
    const entry = async (ageDays: number): Promise<string> => {
      const id = uuidv7();
      await env.DB.prepare(
        `INSERT INTO audit (id, at_ms, action, actor) VALUES (?, ?, 'call.created', 'system')`,
      )
        .bind(id, nowMs - ageDays * DAY_MS)
        .run();
      return id;
    };
    const [old, young] = [await entry(41), await entry(39)];
    const invite = (id: string, expiresAtMs: number, by: string) =>
      env.DB.prepare(
        `INSERT INTO invitations (id, token_hash, email, role, invited_by, created_at_ms, expires_at_ms) VALUES (?, ?, ?, 'viewer', ?, 0, ?)`,
      ).bind(id, id, `${id}@earshot.test`, by, expiresAtMs);
    await keep({ auditDays: 40 });
    const someone = await env.DB.prepare('SELECT id FROM user LIMIT 1').first<{ id: string }>();
    await env.DB.batch([
      invite('ended', nowMs - 31 * DAY_MS, someone!.id),
      invite('listed', nowMs - 29 * DAY_MS, someone!.id),
      env.DB.prepare(
        `INSERT INTO verification (id, identifier, value, expiresAt) VALUES ('v1', 'i', 'v', ?1), ('v2', 'i', 'v', ?2)`,
      ).bind(nowMs - 1_000, nowMs + DAY_MS),
      env.DB.prepare(
        `INSERT INTO idempotency_keys (name, body_hash, new_id, claimed_at_ms) VALUES ('o', 'h', 'n', ?1), ('y', 'h', 'n', ?2)`,
      ).bind(nowMs - 2 * DAY_MS, nowMs),
    ]);
    await beginRetention(env, nowMs);
    const left = async (sql: string) =>
      (await env.DB.prepare(sql).all<{ id: string }>()).results.map((row) => row.id);
    const log = await left('SELECT id FROM audit');
    expect(log).toContain(young);
    expect(log).not.toContain(old);
    expect(await lastRun()).toMatchObject({ audit: 1 });
    expect(await left('SELECT id FROM invitations')).toEqual(['listed']);
    expect(await left('SELECT id FROM verification')).toEqual(['v2']);
    expect(await left('SELECT name AS id FROM idempotency_keys')).toEqual(['y']);
  });

  it('a run that was cut off goes on with the next sweep, by the day it began', async () => {
    const { callId } = await endedCall();
    await keep({ contactsDays: 5 });
    await env.DB.prepare('UPDATE retention SET running_since_ms = ?')
      .bind(Date.now() + 6 * DAY_MS)
      .run();
    await ring('*/5 * * * *');
    expect(await callRow(callId)).toMatchObject({ contact_erased: 1 });
    expect((await readRetention(env.DB)).runningSinceMs).toBeNull();
    const ended = await lastRun();
    await goOnWithRetention(env);
    expect(await lastRun()).toEqual(ended);
  });

  it('the daily hour begins a run, and nothing goes while everything is kept for ever', async () => {
    const { callId } = await endedCall();
    await ring('0 3 * * *');
    expect(await lastRun()).toMatchObject({ calls: 0, words: 0, contacts: 0, audit: 0 });
    expect((await lastRun())!.atMs).toBeGreaterThan(Date.now() - 60_000);
    expect(await callRow(callId)).toMatchObject({ words_erased: 0, contact_erased: 0 });
  });

  it('PRIVACY-9 is changed by admins, with what was and what is in the log; less than a month of log is refused', async () => {
    const admin = await signIn('admin');
    const put = (body: object, who = admin) =>
      ask('/api/retention', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...who },
        body: JSON.stringify(body),
      });
    const wanted = { wordsDays: 90, contactsDays: 30, callsDays: null, auditDays: 365 };
    expect(await (await put(wanted)).json()).toEqual({ retention: wanted });
    await put({ ...wanted, wordsDays: 60 });
    await put({ ...wanted, wordsDays: 60 });
    const log = await env.DB.prepare(
      `SELECT detail FROM audit WHERE action = 'retention.changed' ORDER BY id DESC LIMIT 2`,
    ).all<{ detail: string }>();
    expect(log.results.map((each) => each.detail)).toEqual([
      'words 90 days → 60 days',
      'words for ever → 90 days, contacts for ever → 30 days, audit for ever → 365 days',
    ]);
    expect((await put({ ...wanted, auditDays: 29 })).status).toBe(400);
    expect((await put({ ...wanted, wordsDays: 0 })).status).toBe(400);
    expect((await put({ wordsDays: 1 })).status).toBe(400);
    expect((await put(wanted, await signIn('supervisor'))).status).toBe(403);
    const read = await ask('/api/retention', { headers: admin });
    expect(await read.json()).toMatchObject({ retention: { ...wanted, wordsDays: 60 } });
    expect((await post('/api/retention', wanted, admin)).status).toBe(405);
  });
});
