import { connect } from './agent-door.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs } from './clock.ts';
import type { Crowd } from './helpers/crowd.ts';
import type { Helper } from './helpers/helper.ts';
import { startHelper } from './helpers/helper.ts';
import type { Relay } from './helpers/relay.ts';
import { cpuSeconds, workerdPid } from './process-cpu.ts';
import type { BenchResult } from './result.ts';
import { figure, ratio } from './result.ts';
import { median, round, spread } from './statistics.ts';
import { words } from './words.ts';

const MONITORS = 1000;
/** Events sent at once to measure throughput, in each round of each lane. */
const BURST = 20;
const ROUNDS = 9;
/** Events sent one at a time, to measure how long the last receiver waits. */
const SINGLES_PER_ROUND = 15;
/** Hello and the ledger so far. */
const GREETINGS = 2;

interface Lane {
  readonly crowd: Helper<Crowd>;
  readonly send: () => void;
  /** Events sent so far. */
  sent: number;
  readonly perSecond: number[];
  readonly lastReceiverMs: number[];
  readonly serverPid: number;
  /** Processor time of the server during bursts. */
  busySeconds: number;
}

/** One stored event to a thousand monitors of one call, against a relay that stores nothing. */
export async function fanOut(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope);
  const door = await bare.openCall();
  const ours = await lane(scope, {
    url: bare.monitorUrl(door.callId),
    cookie: bare.cookie,
    greetings: GREETINGS,
    serverPid: workerdPid(),
    send: () => void door.observe(words()),
  });
  const relay = startHelper<Relay>('helpers/relay.ts');
  scope.defer(() => relay.stop());
  const relayUrl = `ws://127.0.0.1:${await relay.ask('listen', { database: null })}`;
  const sender = await connect(`${relayUrl}/agent`);
  const peer = await lane(scope, {
    url: `${relayUrl}/monitor`,
    cookie: '',
    greetings: 0,
    serverPid: relay.pid,
    send: () =>
      sender.send(JSON.stringify({ type: 'observe', observations: [{ id: 'o', observation: words() }] })),
  });

  const ratios: number[] = [];
  for (const each of [ours, peer]) await burst(each);
  for (const each of [ours, peer]) forget(each);
  for (let i = 0; i < ROUNDS; i++) {
    await burst(peer);
    await burst(ours);
    ratios.push((ours.perSecond.at(-1) ?? Number.NaN) / (peer.perSecond.at(-1) ?? Number.NaN));
    for (let n = 0; n < SINGLES_PER_ROUND; n++) {
      await single(peer);
      await single(ours);
    }
  }
  const [last, peerLast] = [spread(ours.lastReceiverMs), spread(peer.lastReceiverMs)];
  const receivers = await ours.crowd.ask('tally', undefined);
  return {
    bench: 'fan-out',
    what: `a stored event until the last of ${MONITORS} monitors has it`,
    measured: { 'Earshot, last receiver': last, 'plain Node ws relay, last receiver': peerLast },
    figures: {
      'Earshot, deliveries': figure(median(ours.perSecond), '/s'),
      'plain Node ws relay, deliveries': figure(median(peer.perSecond), '/s'),
      'deliveries to plain ws': figure(median(ratios), '×', { atLeast: 0.6 }),
      'last receiver p50 to plain ws': ratio(last.p50Ms, peerLast.p50Ms),
      'last receiver p99 to plain ws': ratio(last.p99Ms, peerLast.p99Ms, { atMost: 2 }),
      'workerd CPU a delivery': figure(cpuMicroseconds(ours), 'µs'),
      'relay CPU a delivery': figure(cpuMicroseconds(peer), 'µs'),
    },
    notes: [
      `${ROUNDS} rounds, taking turns: a burst of ${BURST} events (deliveries a second, median of the rounds) and ${SINGLES_PER_ROUND} single ones (last receiver).`,
      `Each crowd is one Node process of its own and shares two cores with what it measures: ${round((receivers.cpuSeconds / receivers.received) * 1e6)} µs a message received.`,
    ],
  };
}

async function lane(
  scope: AsyncDisposableStack,
  order: { url: string; cookie: string; greetings: number; serverPid: number; send: () => void },
): Promise<Lane> {
  const crowd = startHelper<Crowd>('helpers/crowd.ts');
  scope.defer(() => crowd.stop());
  const { url, cookie, greetings, serverPid, send } = order;
  await crowd.ask('gather', { url, cookie, count: MONITORS, greetings });
  return { crowd, send, sent: 0, perSecond: [], lastReceiverMs: [], serverPid, busySeconds: 0 };
}

function forget(lane: Lane): void {
  lane.perSecond.length = 0;
  lane.busySeconds = 0;
}

async function burst(lane: Lane): Promise<void> {
  const busyBefore = cpuSeconds(lane.serverPid);
  const startedAtMs = machineMs();
  for (let i = 0; i < BURST; i++) lane.send();
  lane.sent += BURST;
  const tookMs = (await lane.crowd.ask('completed', { nth: lane.sent })) - startedAtMs;
  lane.perSecond.push((BURST * MONITORS * 1000) / tookMs);
  lane.busySeconds += cpuSeconds(lane.serverPid) - busyBefore;
}

async function single(lane: Lane): Promise<void> {
  const startedAtMs = machineMs();
  lane.send();
  lane.sent += 1;
  lane.lastReceiverMs.push((await lane.crowd.ask('completed', { nth: lane.sent })) - startedAtMs);
}

const cpuMicroseconds = (lane: Lane): number =>
  (lane.busySeconds * 1e6) / (lane.perSecond.length * BURST * MONITORS);
