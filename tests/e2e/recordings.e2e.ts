import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MPEGDecoder } from 'mpg123-decoder';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CallLink } from '../../agent-host/src/call-link.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { CallInput } from '../../domain/call/input.ts';
import { roomName } from '../../domain/call/identity.ts';
import type { Recording } from '../../domain/call/recording.ts';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { findLiveKit } from '../../scripts/livekit/find.ts';
import type { RunningLiveKit } from '../../scripts/livekit/server.ts';
import { startLiveKit } from '../../scripts/livekit/server.ts';
import { freePort, freeUdpPort } from '../../scripts/stack/ports.ts';
import type { WorkerServer } from '../../scripts/stack/worker-server.ts';
import { bundleWorker, startWorker } from '../../scripts/stack/worker-server.ts';
import type { HostOrder, HostSettings, HostWord } from './recorder-host.ts';
import type { Voice } from './tone-voice.ts';
import { enterWithEar, enterWithTone } from './tone-voice.ts';

const HOST_KEY = 'e2e-agent-host-key-0123456789';
const CUSTOMER_HZ = 440;
const AGENT_HZ = 1_000;
const HEALED = { timeout: 90_000, interval: 250 };

const DOOR_SECRET = `d${randomUUID()}`;
const links = new Set<CallLink>();

const home = mkdtempSync(join(tmpdir(), 'earshot-recordings-'));
const stateDir = join(home, 'state');
let livekit: RunningLiveKit;
let worker: WorkerServer;
const hosts = new Set<ChildProcess>();

beforeAll(async () => {
  mkdirSync(stateDir);
  const resolved = await findLiveKit();
  if (resolved.kind !== 'binary') throw new Error('a livekit-server of our own is needed');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  livekit = await startLiveKit({
    resolved,
    ...{ port: await freePort(), rtcTcpPort: await freePort(), udpPort: await freeUdpPort() },
    ...{
      webhookUrl: `${url}/livekit/webhook`,
      apiKey: 'devkey',
      apiSecret: 'recordings-recordings-recordings',
    },
    logFile: join(home, 'livekit.log'),
  });
  worker = await startWorker({
    bundleDir: await bundleWorker(join(home, 'worker')),
    ...{ port, stateDir, log: () => undefined },
    bindings: {
      APP_ORIGINS: url,
      ...{ AUTH_SECRET: `a${randomUUID()}`, DOOR_SECRET, AGENT_HOST_KEY: HOST_KEY },
      SIMULATED: 'speech,callers',
      LIVEKIT_URL: livekit.url,
      ...{ LIVEKIT_API_KEY: livekit.apiKey, LIVEKIT_API_SECRET: livekit.apiSecret },
    },
  });
});

afterAll(async () => {
  for (const link of links) link.close();
  for (const host of hosts) killGroup(host);
  await worker?.stop();
  await livekit?.stop();
  rmSync(home, { recursive: true, force: true });
});

interface Host {
  readonly child: ChildProcess;
  readonly spool: string;
  order(order: HostOrder): void;
  heard<T extends HostWord['type']>(type: T): Promise<Extract<HostWord, { type: T }>>;
}

/** In a group of its own, so that it is killed with its recorder. */
async function startHost(hostId: string, spool = join(home, 'spool', hostId)): Promise<Host> {
  const settings: HostSettings = {
    hostId,
    config: {
      livekit: { url: livekit.url, apiKey: livekit.apiKey, apiSecret: livekit.apiSecret },
      ...{ workerUrl: worker.url, agentHostKey: HOST_KEY, spoolDir: spool },
    },
  };
  const child = fork(join(import.meta.dirname, 'recorder-host.ts'), [JSON.stringify(settings)], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  hosts.add(child);
  const host: Host = {
    ...{ child, spool },
    order: (order) => void child.send(order),
    heard: (type) =>
      new Promise((resolve) => {
        const hear = (word: HostWord): void => {
          if (word.type !== type) return;
          child.off('message', hear);
          resolve(word as never);
        };
        child.on('message', hear);
      }),
  };
  await host.heard('ready');
  return host;
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

interface Call {
  readonly callId: string;
  readonly voices: readonly Voice[];
  take(input: CallInput): Promise<void>;
}

/** A call in the ledger whose customer and agent are in the room and speak their tones. */
async function startCall(hostId: string): Promise<Call> {
  const callId = randomUUID();
  const take = async (input: CallInput): Promise<void> => {
    await (await worker.callRoom(callId)).take(input);
  };
  await take({
    ...{ type: 'requestCall', callId, epoch: randomUUID(), room: roomName(callId), profile: 'auto-sales' },
    ...{ channel: 'lab', media: 'livekit', contact: { name: null }, requestedBy: 'e2e', recording: 'on' },
  });
  await take({ type: 'agentChosen', hostId, agentName: hostId });
  // The agent's own door, or the ledger would give it up and remove it from the room.
  const link = new CallLink({
    ...{ workerUrl: worker.url, callId, identity: `agent-${callId}`, onLeave: () => undefined },
    doorToken: await signDoorToken({ callId, offer: 1, hostId }, DOOR_SECRET, Date.now()),
    log: { info: () => undefined, warn: () => undefined },
  });
  links.add(link);
  expect((await link.open()).ok).toBe(true);
  const enter = (identity: string, pitchHz: number): Promise<Voice> =>
    enterWithTone({ ...livekit, room: roomName(callId), identity, pitchHz });
  const voices = await Promise.all([
    enter(`customer-${callId}`, CUSTOMER_HZ),
    enter(`agent-${callId}`, AGENT_HZ),
  ]);
  return { callId, voices, take };
}

async function hangUp(call: Call): Promise<void> {
  for (const voice of call.voices) await voice.leave();
  await call.take({ type: 'hangUp', by: 'e2e' });
}

async function recordingsOf(callId: string): Promise<readonly Recording[]> {
  const room = (await worker.callRoom(callId)) as unknown as {
    recordings(): Promise<{ recordings: readonly Recording[] }>;
  };
  return (await room.recordings()).recordings;
}
/** What the ledger shifts the times of this call's host by, ms: its hello took so long. */
async function clockOffsetOf(callId: string): Promise<number> {
  const room = (await worker.callRoom(callId)) as unknown as {
    events(since: number): Promise<{ events: readonly CallEvent[] }>;
  };
  const joined = (await room.events(0)).events.find((each) => each.type === 'agentJoined');
  return joined?.type === 'agentJoined' ? joined.clockOffsetMs : Number.NaN;
}
const phases = async (callId: string) => (await recordingsOf(callId)).map((each) => each.phase);
const begun = (callId: string, count = 1) =>
  vi.waitFor(async () => expect(await recordingsOf(callId)).toHaveLength(count), HEALED);

async function soundOf(callId: string, recordingId: string) {
  const object = await worker.archive.get(`recordings/${callId}/${recordingId}.mp3`);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, sampleRate, errors } = decoder.decode(new Uint8Array(await object!.arrayBuffer()));
  decoder.free();
  expect(errors).toEqual([]);
  const [left, right] = channelData as [Float32Array, Float32Array];
  const peaks = await worker.archive.get(`recordings/${callId}/${recordingId}.peaks.json`);
  return { left, right, rate: sampleRate, peaks: (await peaks!.json()) as { customer: number[] } };
}

/** The share of a pitch in each stretch of 100 ms. */
function course(sound: Float32Array, rate: number, pitchHz: number): number[] {
  const length = rate / 10;
  return Array.from({ length: Math.floor(sound.length / length) }, (_, stretch) => {
    let [re, im] = [0, 0];
    for (let i = stretch * length; i < (stretch + 1) * length; i++) {
      const angle = (2 * Math.PI * pitchHz * i) / rate;
      re += (sound[i] ?? 0) * Math.cos(angle);
      im += (sound[i] ?? 0) * Math.sin(angle);
    }
    return (Math.hypot(re, im) * 2) / length;
  });
}

describe('recordings', () => {
  test('REC-3, REC-4, REC-7 a stored recording decodes, has each party on its side, at its time, and no paused word', async () => {
    const host = await startHost('host-a');
    const call = await startCall('host-a');
    host.order({ type: 'record', callId: call.callId, room: roomName(call.callId) });
    await begun(call.callId);
    const ear = await enterWithEar({
      ...livekit,
      ...{ room: roomName(call.callId), identity: `monitor-${randomUUID()}` },
    });
    await sleep(1_500);
    const spokeAtMs = await Promise.all(call.voices.map((voice) => voice.speak()));
    await sleep(2_500);
    host.order({ type: 'pause', callId: call.callId, paused: true });
    expect((await host.heard('paused')).ok).toBe(true);
    const pausedAtMs = Date.now();
    await vi.waitFor(async () => expect(await phases(call.callId)).toEqual(['paused']), HEALED);
    await sleep(2_000);
    const resumedAtMs = Date.now();
    host.order({ type: 'pause', callId: call.callId, paused: false });
    expect((await host.heard('paused')).ok).toBe(true);
    await sleep(2_000);
    await ear.leave();
    await hangUp(call);
    host.order({ type: 'leave', callId: call.callId });
    await vi.waitFor(async () => expect(await phases(call.callId)).toEqual(['stored']), HEALED);

    const [recording] = await recordingsOf(call.callId);
    const offsetMs = await clockOffsetOf(call.callId);
    const { left, right, rate, peaks } = await soundOf(call.callId, recording!.recordingId);
    const sides = [
      { own: course(left, rate, CUSTOMER_HZ), other: course(left, rate, AGENT_HZ) },
      { own: course(right, rate, AGENT_HZ), other: course(right, rate, CUSTOMER_HZ) },
    ];
    for (const [index, { own, other }] of sides.entries()) {
      const loudest = Math.max(...own);
      expect(loudest).toBeGreaterThan(0.1);
      expect(20 * Math.log10(Math.max(...other) / loudest)).toBeLessThan(-40);
      const onsetMs = recording!.startedAtMs - offsetMs + own.findIndex((each) => each > loudest / 2) * 100;
      // The transcript has the times at which an agent in the room heard it, or spoke.
      const heardAtMs = ear.heardAtMs(`${index === 0 ? 'customer' : 'agent'}-${call.callId}`)!;
      console.log(
        `${index === 0 ? 'left' : 'right'}: ${onsetMs - heardAtMs} ms from when it was heard in the room, ` +
          `${onsetMs - spokeAtMs[index]!} ms from when it was spoken`,
      );
      expect(Math.abs(onsetMs - heardAtMs)).toBeLessThan(300);
      const at = (ms: number): number =>
        own[Math.floor((ms + offsetMs - recording!.startedAtMs) / 100)] ?? -1;
      for (let ms = pausedAtMs + 200; ms < resumedAtMs - 100; ms += 100) expect(at(ms)).toBeLessThan(0.001);
      expect(at(resumedAtMs + 1_200)).toBeGreaterThan(loudest / 2);
    }
    expect(Math.abs(peaks.customer.length / 10 - recording!.durationMs! / 1_000)).toBeLessThan(1);
    await vi.waitFor(() => expect(readdirSync(host.spool)).toEqual([]), HEALED);
  });

  test('REC-5, REC-6 whatever is killed or fails, a recording is stored', async () => {
    const [host, doomed] = await Promise.all([startHost('host-b'), startHost('host-c')]);
    const [recorderKilled, hostKilled] = await Promise.all([startCall('host-b'), startCall('host-c')]);
    const recorder = host.heard('recorder');
    host.order({ type: 'record', callId: recorderKilled.callId, room: roomName(recorderKilled.callId) });
    doomed.order({ type: 'record', callId: hostKilled.callId, room: roomName(hostKilled.callId) });
    await Promise.all([begun(recorderKilled.callId), begun(hostKilled.callId)]);
    for (const call of [recorderKilled, hostKilled]) for (const voice of call.voices) await voice.speak();
    await sleep(5_500);

    // The recorder dies, paused: its successor goes on, and stays paused.
    host.order({ type: 'pause', callId: recorderKilled.callId, paused: true });
    expect((await host.heard('paused')).ok).toBe(true);
    process.kill((await recorder).pid!, 'SIGKILL');
    await begun(recorderKilled.callId, 2);
    await vi.waitFor(
      async () => expect((await recordingsOf(recorderKilled.callId))[1]?.phase).toBe('paused'),
      HEALED,
    );
    // The whole host dies; what it had spooled waits for the next.
    killGroup(doomed.child);
    const heir = await startHost('host-c-again', doomed.spool);
    await vi.waitFor(async () => expect(await phases(hostKilled.callId)).toEqual(['stored']), HEALED);
    await hangUp(hostKilled);

    // The end of the call finds R2 broken: it waits, visibly, and comes through when R2 is back.
    const heal = breakR2();
    await hangUp(recorderKilled);
    host.order({ type: 'leave', callId: recorderKilled.callId });
    await vi.waitFor(async () => expect((await phases(recorderKilled.callId))[1]).toBe('pending'), HEALED);
    await sleep(2_000);
    expect((await phases(recorderKilled.callId))[1]).toBe('pending');
    // And the Worker is deployed meanwhile.
    await worker.restart();
    expect((await phases(recorderKilled.callId))[1]).toBe('pending');
    heal();
    await worker.restart();
    await vi.waitFor(
      async () => expect(await phases(recorderKilled.callId)).toEqual(['stored', 'stored']),
      HEALED,
    );
    await vi.waitFor(() => {
      for (const each of [host.spool, heir.spool]) expect(readdirSync(each)).toEqual([]);
    }, HEALED);

    for (const callId of [recorderKilled.callId, hostKilled.callId]) {
      const [first] = await recordingsOf(callId);
      const { left, rate } = await soundOf(callId, first!.recordingId);
      // Of five seconds of tone at most the last three were not on the disk yet.
      const loud = course(left, rate, CUSTOMER_HZ).filter((each) => each > 0.05).length;
      expect(loud).toBeGreaterThan(20);
    }
  });
});

/** Nothing can be stored until it is healed: where R2 keeps its blobs there is a file. */
function breakR2(): () => void {
  const folders = readdirSync(stateDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => /r2.*blobs$/i.test(path))
    .map((path) => join(stateDir, path));
  expect(folders.length).toBeGreaterThan(0);
  for (const path of folders) {
    renameSync(path, `${path}.away`);
    writeFileSync(path, 'broken');
  }
  return () => {
    for (const path of folders) {
      rmSync(path, { recursive: true });
      if (existsSync(`${path}.away`)) renameSync(`${path}.away`, path);
      else mkdirSync(path);
    }
  };
}
