import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { audioKey, peaksKey } from '../../durable-objects/recording-store.ts';
import type { CallInput } from '../../domain/call/input.ts';
import { contentDigest } from '../../protocol/recorder.ts';
import { removeCall } from '../../worker/privacy/remove-call.ts';
import { byteRange } from '../../worker/recordings/byte-range.ts';
import { HOST, apiKey, ask, newCall, post, signIn } from './world.ts';

const SOUND = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7) % 251);
const PEAKS = new TextEncoder().encode(JSON.stringify({ perSecond: 10, customer: [0, 255], agents: [1, 2] }));

/** A call that has ended, and one recording of it that waits to be stored. */
async function recordedCall() {
  const callId = uuidv7();
  const recordingId = uuidv7();
  const room = env.CALL_ROOM.getByName(callId);
  const inputs: CallInput[] = [
    {
      type: 'requestCall',
      ...{ callId, epoch: crypto.randomUUID(), room: `call-${callId}`, profile: 'auto-sales' },
      ...{
        channel: 'lab',
        media: 'livekit',
        contact: { name: 'Robin' },
        requestedBy: 'test',
        recording: 'on',
      },
    },
    { type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' },
    {
      type: 'agentHello',
      ...{ offer: 1, session: 's1', hostId: 'host-1', identity: 'agent-1', agentClockMs: Date.now() },
    },
    { type: 'customerSeen', participant: { identity: `customer-${callId}`, connection: 'PA_1' } },
  ];
  for (const input of inputs) await room.take(input);
  await tell(callId, recordingId, [
    { type: 'recordingBegun', recordingId, recorder: 'host', hostId: 'host-1', startedAtMs: Date.now() },
  ]);
  await room.take({ type: 'hangUp', by: 'test' });
  await tell(callId, recordingId, [{ type: 'recordingEnded', recordingId, durationMs: 1_200 }]);
  return { callId, recordingId, room };
}

const tell = (callId: string, recordingId: string, news: unknown[], headers = HOST) =>
  post(`/api/fleet/recordings/${callId}/${recordingId}/news`, { hostId: 'host-1', news }, headers);

async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return contentDigest(btoa(String.fromCharCode(...hash)));
}

interface Sent {
  readonly headers?: Record<string, string>;
  readonly bytes?: Uint8Array;
  readonly digest?: string;
}

async function put(ids: { callId: string; recordingId: string }, part: 'audio' | 'peaks', sent: Sent = {}) {
  const bytes = sent.bytes ?? (part === 'audio' ? SOUND : PEAKS);
  return ask(
    `/api/fleet/recordings/${ids.callId}/${ids.recordingId}/${part}${part === 'audio' ? '?durationMs=1200' : ''}`,
    {
      method: 'PUT',
      headers: {
        ...HOST,
        'content-length': String(bytes.length),
        'content-digest': sent.digest ?? (await digestOf(bytes)),
        ...sent.headers,
      },
      body: bytes,
    },
  );
}

async function storedCall() {
  const call = await recordedCall();
  await put(call, 'peaks');
  await put(call, 'audio');
  return call;
}

const phaseOf = async (room: Awaited<ReturnType<typeof recordedCall>>['room']) =>
  (await room.recordings())?.recordings.map((each) => each.phase);
const audioPath = (ids: { callId: string; recordingId: string }, query = '') =>
  `/api/calls/${ids.callId}/recordings/${ids.recordingId}/audio${query}`;

let supervisor: Record<string, string>;
beforeAll(async () => {
  supervisor = await signIn('supervisor');
});

describe('REC-6 a host’s copy goes only when R2 has confirmed', () => {
  test('peaks and sound are stored under the call, and the ledger says so once', async () => {
    const call = await recordedCall();
    expect(await phaseOf(call.room)).toEqual(['pending']);
    expect(await (await put(call, 'peaks')).json()).toEqual({ fate: 'wanted' });
    expect(await (await put(call, 'audio')).json()).toEqual({ fate: 'stored' });
    expect(await phaseOf(call.room)).toEqual(['stored']);
    expect(
      new Uint8Array(await (await env.ARCHIVE.get(audioKey(call.callId, call.recordingId)))!.arrayBuffer()),
    ).toEqual(SOUND);
    const { head } = (await call.room.events(0))!;
    // The answer was lost: the host asks and sends again.
    expect(await (await put(call, 'audio')).json()).toEqual({ fate: 'stored' });
    const again = await tell(call.callId, call.recordingId, [
      { type: 'recordingEnded', recordingId: call.recordingId, durationMs: 1_200 },
    ]);
    expect(await again.json()).toEqual({ fate: 'stored' });
    expect((await call.room.events(0))!.head).toBe(head);
  });

  test('a file that is not what was announced is refused and leaves nothing', async () => {
    const call = await recordedCall();
    const wrong = await put(call, 'audio', { digest: await digestOf(PEAKS) });
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({ code: 'digest_mismatch' });
    expect(await env.ARCHIVE.head(audioKey(call.callId, call.recordingId))).toBeNull();
    expect(await phaseOf(call.room)).toEqual(['pending']);
    const short = await put(call, 'audio', { headers: { 'content-length': '9000' } }).catch(() => null);
    expect(short?.status ?? 422).toBe(422);
    expect(await env.ARCHIVE.head(audioKey(call.callId, call.recordingId))).toBeNull();
    expect((await put(call, 'audio', { digest: 'sha-256=:x:' })).status).toBe(400);
    expect((await put(call, 'audio', { headers: { 'content-length': '99999999999' } })).status).toBe(413);
    expect((await put(call, 'audio')).status).toBe(200);
    expect(await phaseOf(call.room)).toEqual(['stored']);
  });

  test('only hosts bring sound, and only of one recording at a time', async () => {
    const call = await recordedCall();
    expect((await tell(call.callId, call.recordingId, [], supervisor as never)).status).toBe(401);
    const other = { type: 'recordingEnded', recordingId: uuidv7(), durationMs: 1 };
    expect((await tell(call.callId, call.recordingId, [other])).status).toBe(400);
    expect((await tell(call.callId, 'x', [other])).status).toBe(404);
  });
});

describe('PRIVACY-13 the sound goes with the words', () => {
  const erasing = { words: true, contact: false, by: 'test' };

  test('erased, sound and peaks leave R2 and nothing is offered', async () => {
    const call = await storedCall();
    // Projections of the end may be under way.
    await vi.waitFor(async () => expect(await call.room.erase(erasing)).toBe('erased'));
    expect((await env.ARCHIVE.list({ prefix: `recordings/${call.callId}/` })).objects).toEqual([]);
    expect((await ask(audioPath(call), { headers: supervisor })).status).toBe(404);
  });

  test('an upload that comes after is refused, deleted, and the host told to delete its own', async () => {
    const call = await recordedCall();
    // It waits for an upload that may be on its way.
    expect(await call.room.erase(erasing)).toBe('owing');
    // As of an isolate that died between R2 and the ledger.
    await env.ARCHIVE.put(peaksKey(call.callId, call.recordingId), 'late');
    const late = await put(call, 'audio');
    expect(late.status).toBe(410);
    expect(await late.json()).toMatchObject({ code: 'recording_gone' });
    expect((await env.ARCHIVE.list({ prefix: `recordings/${call.callId}/` })).objects).toEqual([]);
    const news = { type: 'recordingEnded', recordingId: call.recordingId, durationMs: 1_200 };
    expect(await (await tell(call.callId, call.recordingId, [news])).json()).toEqual({ fate: 'gone' });
    await runDurableObjectAlarm(call.room);
  });

  test('a call that is removed takes its sound with it; of one that is unknown nothing is kept', async () => {
    const call = await storedCall();
    expect(await removeCall(env, call.callId)).toBe(true);
    expect((await env.ARCHIVE.list({ prefix: `recordings/${call.callId}/` })).objects).toEqual([]);
    expect((await put(call, 'audio')).status).toBe(410);
  });
});

describe('REC-9 who may hear it', () => {
  test('admins, supervisors and keys with the scope; nobody else', async () => {
    const call = await storedCall();
    const status = async (headers: Record<string, string>, path = audioPath(call)) =>
      (await ask(path, { headers })).status;
    expect(await status(supervisor)).toBe(200);
    expect(await status(await signIn('admin'))).toBe(200);
    expect(await status(await apiKey(['recordings:read']))).toBe(200);
    expect(await status(await apiKey(['calls:read']))).toBe(403);
    for (const role of ['operator', 'viewer'] as const) expect(await status(await signIn(role))).toBe(403);
    expect(await status({})).toBe(401);
    const peaks = await ask(audioPath(call).replace('/audio', '/peaks'), { headers: supervisor });
    expect(await peaks.json()).toEqual({ perSecond: 10, customer: [0, 255], agents: [1, 2] });
  });

  test('listening is recorded once, each download every time', async () => {
    const call = await storedCall();
    for (let i = 0; i < 3; i++)
      await (await ask(audioPath(call), { headers: { ...supervisor, range: 'bytes=0-99' } })).arrayBuffer();
    const file = await ask(audioPath(call, '?download=1'), { headers: supervisor });
    expect(file.headers.get('content-disposition')).toContain(`attachment; filename="call-${call.callId}`);
    await file.arrayBuffer();
    await (await ask(audioPath(call, '?download=1'), { headers: supervisor })).arrayBuffer();
    const { results } = await env.DB.prepare('SELECT action FROM audit WHERE subject = ? ORDER BY id')
      .bind(`call:${call.callId}`)
      .all<{ action: string }>();
    expect(results.map((each) => each.action).toSorted()).toEqual([
      'recording.downloaded',
      'recording.downloaded',
      'recording.listened',
    ]);
  });

  test('what is not stored says how far it has come', async () => {
    const call = await recordedCall();
    const waiting = await ask(audioPath(call), { headers: supervisor });
    expect(waiting.status).toBe(404);
    expect(await waiting.json()).toMatchObject({ code: 'recording_not_stored', detail: 'pending' });
    const { callId } = await newCall();
    const none = await ask(audioPath({ callId, recordingId: uuidv7() }), { headers: supervisor });
    expect(await none.json()).toMatchObject({ code: 'not_found' });
  });
});

describe('REC-8 a player asks for pieces', () => {
  test('the bytes asked for, or all, with their place', async () => {
    const call = await storedCall();
    const get = async (headers: Record<string, string>) => {
      const response = await ask(audioPath(call), { headers: { ...supervisor, ...headers } });
      return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
    };
    const whole = await get({});
    expect(whole.bytes).toEqual(SOUND);
    expect(Object.fromEntries(whole.response.headers)).toMatchObject({
      'content-type': 'audio/mpeg',
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-length': '5000',
    });
    const part = await get({ range: 'bytes=100-299' });
    expect(part.response.status).toBe(206);
    expect(part.response.headers.get('content-range')).toBe('bytes 100-299/5000');
    expect(part.bytes).toEqual(SOUND.slice(100, 300));
    expect((await get({ range: 'bytes=-10' })).bytes).toEqual(SOUND.slice(4_990));
    expect((await get({ range: 'bytes=4990-' })).bytes).toEqual(SOUND.slice(4_990));
    const behind = await get({ range: 'bytes=5000-' });
    expect(behind.response.status).toBe(416);
    expect(behind.response.headers.get('content-range')).toBe('bytes */5000');
    const etag = whole.response.headers.get('etag')!;
    expect((await get({ range: 'bytes=0-1', 'if-range': etag })).response.status).toBe(206);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"older"' })).response.status).toBe(200);
    expect((await get({ 'if-none-match': etag })).response.status).toBe(304);
  });

  test('what cannot be honoured is the whole', () => {
    for (const header of ['bytes=5-2', 'bytes=0-1,3-4', 'items=0-1', 'bytes=-', undefined])
      expect(byteRange(header, 10)).toBe('whole');
    expect(byteRange('bytes=-0', 10)).toBe('unsatisfiable');
    expect(byteRange('bytes=-99', 10)).toEqual({ first: 0, last: 9 });
    expect(byteRange('bytes=3-99', 10)).toEqual({ first: 3, last: 9 });
  });
});
