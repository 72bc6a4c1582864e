import { join } from 'node:path';
import type { WebSocket } from 'ws';
import { connect } from './agent-door.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs } from './clock.ts';
import type { Relay } from './helpers/relay.ts';
import { startHelper } from './helpers/helper.ts';
import type { BenchResult } from './result.ts';
import { ratio } from './result.ts';
import { median, spread } from './statistics.ts';
import { words } from './words.ts';

const ROUNDS = 20;
const PER_ROUND = 100;
const WARM_UP = 200;

type Lane = () => Promise<number>;

/** Agent door → monitor: numbered, durable, acknowledged; against a relay that keeps nothing and one that keeps all. */
export async function ingest(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope);
  const door = await bare.openCall();
  const monitor = await connect(bare.monitorUrl(door.callId), { cookie: bare.cookie });
  const lanes = {
    ours: lane(door.socket, monitor),
    plain: await relayLane(scope, null),
    durable: await relayLane(scope, join(bare.dir, 'relay.sqlite')),
  };
  for (let i = 0; i < WARM_UP; i++) for (const each of Object.values(lanes)) await each();

  const all = { ours: [] as number[], plain: [] as number[], durable: [] as number[] };
  const p50s: { plain: number; durable: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const round = { ours: [] as number[], plain: [] as number[], durable: [] as number[] };
    for (let n = 0; n < PER_ROUND; n++) {
      round.plain.push(await lanes.plain());
      round.durable.push(await lanes.durable());
      round.ours.push(await lanes.ours());
    }
    for (const name of ['ours', 'plain', 'durable'] as const) all[name].push(...round[name]);
    const ours = median(round.ours);
    p50s.push({ plain: ours / median(round.plain), durable: ours / median(round.durable) });
  }
  const [ours, plain, durable] = [spread(all.ours), spread(all.plain), spread(all.durable)];
  return {
    bench: 'ingest',
    what: 'an observation at the agent door until a monitor has it',
    measured: {
      'Earshot (durable, in workerd)': ours,
      'plain Node ws relay': plain,
      'the same relay with durable SQLite': durable,
    },
    figures: {
      'p50 to plain ws': { value: median(p50s.map((each) => each.plain)), unit: '×', aim: { atMost: 2 } },
      'p99 to plain ws': ratio(ours.p99Ms, plain.p99Ms, { atMost: 1.5 }),
      'p50 to durable ws': { value: median(p50s.map((each) => each.durable)), unit: '×' },
      'p99 to durable ws': ratio(ours.p99Ms, durable.p99Ms),
    },
    notes: [
      `${ROUNDS} rounds of ${PER_ROUND}, one at a time, the three taking turns; p50 is the median of the rounds' ratios, p99 over all rounds.`,
      'The durable relay commits each message to SQLite (WAL, synchronous=FULL) on the same disk before passing it on.',
    ],
  };
}

async function relayLane(scope: AsyncDisposableStack, database: string | null): Promise<Lane> {
  const relay = startHelper<Relay>('helpers/relay.ts');
  scope.defer(() => relay.stop());
  const port = await relay.ask('listen', { database });
  return lane(await connect(`ws://127.0.0.1:${port}/agent`), await connect(`ws://127.0.0.1:${port}/monitor`));
}

let sent = 0;

/** Sends one observation and waits for the monitor's copy; the acknowledgement is awaited but not counted. */
function lane(agent: WebSocket, monitor: WebSocket): Lane {
  return async () => {
    const observation = words();
    const id = `ingest${++sent}`;
    const seen = whenHeard(monitor, `"${observation.utteranceId}"`);
    const acknowledged = whenHeard(agent, `"${id}"`);
    const startedAtMs = machineMs();
    agent.send(JSON.stringify({ type: 'observe', observations: [{ id, observation }] }));
    const tookMs = (await seen) - startedAtMs;
    await acknowledged;
    return tookMs;
  };
}

/** The moment at which a message with this in it arrived. */
function whenHeard(socket: WebSocket, part: string): Promise<number> {
  return new Promise((resolve) => {
    const look = (raw: Buffer): void => {
      if (!raw.includes(part)) return;
      socket.off('message', look);
      resolve(machineMs());
    };
    socket.on('message', look);
  });
}
