import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { AccessToken } from 'livekit-server-sdk';
import { uuidv7 } from 'uuidv7';
import { describe, expect, test, vi } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import { egressRecordingId } from '../../domain/call/egress.ts';
import type { CallInput } from '../../domain/call/input.ts';
import type { RecordingPolicy } from '../../domain/call/recording.ts';
import { welcomeFor } from '../../durable-objects/agent-door.ts';
import { deliverToEgress } from '../../durable-objects/egress-effects.ts';
import { audioKey } from '../../durable-objects/recording-store.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { ask } from './world.ts';

interface Started {
  readonly roomName: string;
  readonly status: string;
  readonly roomComposite: {
    readonly audioOnly?: boolean;
    readonly audioMixing?: string;
    readonly fileOutputs: readonly { readonly filepath: string; readonly s3: { readonly bucket: string } }[];
  };
}

/** A call that Egress is to record; its agent is there, and its customer once `answer` was called. */
async function call(recording: RecordingPolicy = 'on') {
  const callId = uuidv7();
  const room = `call-${callId}`;
  const object = env.CALL_ROOM.getByName(callId);
  const inputs: CallInput[] = [
    {
      type: 'requestCall',
      ...{ callId, epoch: crypto.randomUUID(), room, profile: 'auto-sales', channel: 'web' },
      ...{ media: 'livekit', contact: { name: null }, requestedBy: 'test', recording, recorder: 'egress' },
    } as CallInput,
    { type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' },
    {
      type: 'agentHello',
      ...{ offer: 1, session: 's1', hostId: 'host-1', identity: 'agent-1', agentClockMs: Date.now() },
    },
  ];
  for (const input of inputs) await object.take(input);
  const state = async () => foldCall((await object.events(0))!.events)!;
  return {
    callId,
    room,
    take: (input: CallInput) => object.take(input),
    answer: () =>
      object.take({
        type: 'customerSeen',
        participant: { identity: `customer-${callId}`, connection: 'PA_1' },
      }),
    state,
    first: egressRecordingId({ callId } as never, 1),
    second: egressRecordingId({ callId } as never, 2),
    recordings: async () => (await state()).recordings ?? [],
    asked: async () => (await (await fetch(`http://livekit.test/egress-report/${room}`)).json()) as Started[],
  };
}
type Call = Awaited<ReturnType<typeof call>>;

const owed = (callId: string, type: string): Promise<number> =>
  runInDurableObject(
    env.CALL_ROOM.getByName(callId),
    (_object, { storage }) =>
      storage.sql.exec(`SELECT 1 FROM outbox WHERE effect ->> '$.type' = ?`, type).toArray().length,
  );

const namesOf = (started: readonly Started[]): string[] =>
  started.map((each) => each.roomComposite.fileOutputs[0]!.filepath);

/** What LiveKit tells of a recording, signed as it signs. */
async function told({ callId, room }: Call, recordingId: string, status: string, more: object = {}) {
  const name = audioKey(callId, recordingId);
  const body = JSON.stringify({
    event: status === 'EGRESS_ACTIVE' ? 'egress_updated' : 'egress_ended',
    id: uuidv7(),
    createdAt: String(Math.floor(Date.now() / 1_000)),
    egressInfo: {
      ...{ egressId: 'EG_x', roomName: room, status, startedAt: `${Date.now() - 4_000}000000` },
      roomComposite: { roomName: room, fileOutputs: [{ filepath: name }] },
      ...more,
    },
  });
  const token = new AccessToken('test-key', 'test-livekit-secret-test-livekit-secret');
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)));
  token.sha256 = btoa(String.fromCharCode(...digest));
  const response = await ask('/livekit/webhook', {
    method: 'POST',
    headers: { authorization: await token.toJwt(), 'content-type': 'application/webhook+json' },
    body,
  });
  expect(response.status).toBe(200);
}

const file = ({ callId }: Call, recordingId: string) => ({
  fileResults: [
    {
      ...{ filename: audioKey(callId, recordingId), duration: '3200000000' },
      startedAt: `${Date.now() - 4_000}000000`,
    },
  ],
});

const order = (orderId: string, kind: 'pauseRecording' | 'resumeRecording'): CallInput => ({
  type: 'giveOrder',
  ...{ orderId, order: { kind }, by: 'user:u', byName: 'Sam' },
});

describe('REC-10 LiveKit’s Egress records', () => {
  test('once both are there, agents on a channel of their own, into our bucket', async () => {
    const it = await call();
    expect(await it.asked()).toEqual([]);
    await it.answer();
    await vi.waitFor(async () => expect(await it.asked()).toHaveLength(1));
    const [started] = await it.asked();
    expect(started!.roomComposite).toMatchObject({ audioOnly: true, audioMixing: 'DUAL_CHANNEL_AGENT' });
    expect(started!.roomComposite.fileOutputs).toMatchObject([
      { filepath: audioKey(it.callId, it.first), fileType: 'MP3', s3: { bucket: 'earshot-archive' } },
    ]);
  });

  test('a start whose answer was lost is not a second recording', async () => {
    const it = await call();
    await fetch('http://livekit.test/trouble/egress', {
      method: 'POST',
      body: JSON.stringify(['StartRoomCompositeEgress']),
    });
    await it.answer();
    await vi.waitFor(async () => expect(await it.asked()).toHaveLength(1));
    await vi.waitFor(async () => expect(await owed(it.callId, 'startEgress')).toBe(0), { timeout: 15_000 });
    expect(await it.asked()).toHaveLength(1);
  });

  test('behind the consent line where one is to be said; the agent’s host does not record', async () => {
    const it = await call('afterConsent');
    await it.answer();
    const profile = exampleProfiles[1]!;
    expect(welcomeFor(await it.state(), 's1', profile)).toMatchObject({
      recording: { policy: 'afterConsent', by: 'egress', consentLine: profile.consentLine },
    });
    expect(await it.asked()).toEqual([]);
    await it.take({ type: 'observe', session: 's1', observation: { type: 'consentLineSaid' } });
    await vi.waitFor(async () => expect(await it.asked()).toHaveLength(1));
  });

  test('a pause stops it, and going on begins another; the agent is not asked for either', async () => {
    const it = await call();
    await it.answer();
    await vi.waitFor(async () => expect(await it.asked()).toHaveLength(1));
    await told(it, it.first, 'EGRESS_ACTIVE');
    expect(await it.take(order('o1', 'pauseRecording'))).toMatchObject({ ok: true });
    expect(welcomeFor(await it.state(), 's1', exampleProfiles[0]!)).toMatchObject({
      steering: { orders: [] },
    });
    await vi.waitFor(async () =>
      expect(await it.recordings()).toMatchObject([{ recordingId: it.first, phase: 'paused' }]),
    );
    expect((await it.asked())[0]!.status).toBe('EGRESS_ENDING');
    await env.ARCHIVE.put(audioKey(it.callId, it.first), 'sound');
    await told(it, it.first, 'EGRESS_COMPLETE', file(it, it.first));
    expect(await it.take(order('o2', 'resumeRecording'))).toMatchObject({ ok: true });
    await vi.waitFor(async () =>
      expect(namesOf(await it.asked())).toEqual(
        [it.first, it.second].map((each) => audioKey(it.callId, each)),
      ),
    );
    await told(it, it.second, 'EGRESS_ACTIVE');
    const { recordingPaused, recordings, supervision } = await it.state();
    expect(recordingPaused).toBe(false);
    expect(recordings).toMatchObject([
      { recordingId: it.first, phase: 'stored', recorder: 'egress' },
      { recordingId: it.second, phase: 'recording', recorder: 'egress' },
    ]);
    expect(supervision!.pending).toEqual([]);
  });

  test('what is done counts as stored when its file is in the bucket, told in any order', async () => {
    const it = await call();
    await it.answer();
    await it.take({ type: 'hangUp', by: 'test' });
    await env.ARCHIVE.put(audioKey(it.callId, it.first), 'sound');
    await told(it, it.first, 'EGRESS_COMPLETE', file(it, it.first));
    await told(it, it.first, 'EGRESS_ACTIVE');
    await told(it, it.first, 'EGRESS_COMPLETE', file(it, it.first));
    expect(await it.recordings()).toMatchObject([
      { phase: 'stored', durationMs: 3_200, bytes: 5, mediaType: 'audio/mpeg' },
    ]);
  });

  test('without its file, or with an error, it has visibly failed', async () => {
    const [lost, broken] = [await call(), await call()];
    for (const it of [lost, broken]) await it.answer();
    await told(lost, lost.first, 'EGRESS_COMPLETE', file(lost, lost.first));
    await told(broken, broken.first, 'EGRESS_FAILED', { error: 'no space left' });
    expect(await lost.recordings()).toMatchObject([
      { phase: 'failed', reason: 'Egress says it is done, but its file is not in the bucket' },
    ]);
    expect(await broken.recordings()).toMatchObject([{ phase: 'failed', reason: 'Egress: no space left' }]);
  });

  test('PRIVACY-13 what comes after an erasure is deleted', async () => {
    const it = await call();
    await it.answer();
    await it.take({ type: 'hangUp', by: 'test' });
    await env.CALL_ROOM.getByName(it.callId).erase({ by: 'test', words: true, contact: false });
    await env.ARCHIVE.put(audioKey(it.callId, it.first), 'sound');
    await told(it, it.first, 'EGRESS_COMPLETE', file(it, it.first));
    expect(await env.ARCHIVE.head(audioKey(it.callId, it.first))).toBeNull();
    expect(await it.recordings()).toEqual([]);
  });

  test('what nobody told is asked for from a minute after the end on', async () => {
    const it = await call();
    await it.answer();
    await told(it, it.first, 'EGRESS_ACTIVE');
    await it.take({ type: 'hangUp', by: 'test' });
    const ended = await it.state();
    const settle = vi.fn(() => Promise.resolve());
    const deliver = (afterMs: number) =>
      deliverToEgress({ type: 'watchEgress' }, {
        outside: { egress: { settle } },
        nowMs: () => ended.end!.atMs + afterMs,
        call: () => ended,
        report: () => true,
      } as never);
    expect(await deliver(1_000)).toMatchObject({ status: 'again' });
    expect(settle).not.toHaveBeenCalled();
    expect(await deliver(61_000)).toMatchObject({ status: 'again' });
    expect(settle).toHaveBeenCalledOnce();
    expect(await deliver(25 * 3_600_000)).toEqual({ status: 'done' });
  });
});
