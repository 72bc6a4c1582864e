import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessToken } from 'livekit-server-sdk';
import type { RecorderNews, RecorderOrder } from '../agent-host/src/recorder/messages.ts';
import { findLiveKit } from '../scripts/livekit/find.ts';
import { startLiveKit } from '../scripts/livekit/server.ts';
import { ROOT } from '../scripts/stack/paths.ts';
import { freePort, freeUdpPort } from '../scripts/stack/ports.ts';
import { pause } from './clock.ts';
import { startHelper } from './helpers/helper.ts';
import type { Listener } from './helpers/listener.ts';
import type { Tones } from './helpers/tones.ts';
import { cpuSeconds } from './process-cpu.ts';
import type { BenchResult } from './result.ts';
import { figure } from './result.ts';

const CALLS = Number(process.env.BENCH_CALLS ?? 4);
const ROUNDS = 3;
const ROUND_MS = 6_000;

/** The recorder's process with several calls, against one that hears the same and keeps nothing. */
export async function recorder(scope: AsyncDisposableStack): Promise<BenchResult> {
  const dir = mkdtempSync(join(tmpdir(), 'earshot-bench-recorder-'));
  scope.defer(() => rmSync(dir, { recursive: true, force: true }));
  const resolved = await findLiveKit();
  if (resolved.kind !== 'binary') throw new Error('a livekit-server of our own is needed');
  const livekit = await startLiveKit({
    resolved,
    ...{ port: await freePort(), rtcTcpPort: await freePort(), udpPort: await freeUdpPort() },
    ...{ webhookUrl: 'http://127.0.0.1:9/', apiKey: 'devkey', apiSecret: `secret-${randomUUID()}` },
    logFile: join(dir, 'livekit.log'),
  });
  scope.defer(() => livekit.stop());
  const rooms = Array.from({ length: CALLS }, () => `call-${randomUUID()}`);
  const tones = startHelper<Tones>('helpers/tones.ts');
  scope.defer(() => tones.stop());
  for (const room of rooms) {
    await tones.ask('enter', { ...livekit, room, identity: `customer-${room}`, pitchHz: 440 });
    await tones.ask('enter', { ...livekit, room, identity: `agent-${room}`, pitchHz: 1_000 });
  }
  const tokenFor = (room: string): Promise<string> => {
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
      identity: `recorder-${randomUUID()}`,
    });
    token.addGrant({
      ...{ roomJoin: true, room, hidden: true, recorder: true },
      ...{ canPublish: false, canSubscribe: true },
    });
    return token.toJwt();
  };

  const floor = startHelper<Listener>('helpers/listener.ts');
  scope.defer(() => floor.stop());
  const spool = join(dir, 'spool');
  const child = fork(join(ROOT, 'agent-host/src/recorder/child.ts'), [spool]);
  scope.defer(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  await pause(2_000);
  const emptyMb = residentMb(pid);
  for (const room of rooms) {
    await floor.ask('join', { url: livekit.url, token: await tokenFor(room) });
    const begun = new Promise<RecorderNews>((resolve) => child.once('message', resolve));
    const order: RecorderOrder = {
      ...{ type: 'begin', callId: room, recordingId: randomUUID(), hostId: 'bench', paused: false },
      ...{ url: livekit.url, token: await tokenFor(room) },
    };
    child.send(order);
    if ((await begun).type !== 'begun') throw new Error('a recording did not begin');
  }
  await pause(3_000);
  const shares = { ours: [] as number[], floor: [] as number[] };
  const heardBefore = await floor.ask('heard', null);
  const startedMs = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const before = { ours: cpuSeconds(pid), floor: cpuSeconds(floor.pid), atMs: performance.now() };
    await pause(ROUND_MS);
    const seconds = (performance.now() - before.atMs) / 1_000;
    shares.ours.push(((cpuSeconds(pid) - before.ours) / seconds / CALLS) * 100);
    shares.floor.push(((cpuSeconds(floor.pid) - before.floor) / seconds / CALLS) * 100);
  }
  const heard =
    ((await floor.ask('heard', null)) - heardBefore) / 24 / (performance.now() - startedMs) / (CALLS * 2);
  const bytes = readdirSync(spool)
    .filter((name) => name.endsWith('.mp3'))
    .map((name) => statSync(join(spool, name)).size);
  const mean = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0) / all.length;
  return {
    bench: 'recorder',
    what: `one process that records ${CALLS} calls of two who speak all the time`,
    measured: {},
    figures: {
      'share of a core per call': figure(mean(shares.ours), '%', { atMost: 12 }),
      'hearing the same and keeping nothing': figure(mean(shares.floor), '%'),
      'to the floor': figure(mean(shares.ours) / mean(shares.floor), '×'),
      'resident, no call': figure(emptyMb, 'MB'),
      'resident, each further call': figure((residentMb(pid) - emptyMb) / CALLS, 'MB'),
      'sound that arrived, of real time': figure(heard * 100, '%'),
      'smallest file': figure(Math.min(...bytes) / 1_024, 'KiB'),
    },
    notes: [
      `${ROUNDS} rounds of ${ROUND_MS / 1_000} s, both processes at once in the same rooms; processor time from /proc.`,
      'The floor subscribes to the same tracks with the same frame length through the same library.',
    ],
  };
}

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
