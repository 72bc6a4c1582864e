import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { AgentDoor } from './agent-door.ts';
import type { BareWorker } from './bare-worker.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs, pause } from './clock.ts';
import type { Dashboards } from './helpers/dashboards.ts';
import type { Helper } from './helpers/helper.ts';
import { startHelper } from './helpers/helper.ts';
import { cpuSeconds, workerdPid } from './process-cpu.ts';
import type { BenchResult, Figure } from './result.ts';
import { figure } from './result.ts';
import type { Spread } from './statistics.ts';
import { round, spread } from './statistics.ts';
import { words } from './words.ts';

const DASHBOARDS = 20;
const FEW = 200;
const MANY = 1000;
const MEASURE_S = 10;
/** Calls being opened at once. */
const AT_ONCE = 16;
/** Opening calls must leave time to measure them. */
const OPEN_WITHIN_MS = 35_000;
const TICK_MS = 10;
/** Changes still on their way when the sending stops. */
const SETTLE_MS = 1_000;

interface Measured {
  readonly name: string;
  readonly seen: Spread;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly note: string;
}

/**
 * A board of many live calls, each changing once a second, before twenty dashboards. First the whole path, from agent
 * doors through the calls' own objects, which in production have a machine each and here one thread together; then
 * the Board alone, told of the changes by a Worker that stands for the thousand calls.
 */
export async function board(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope, 'board-driver.ts');
  const dashboards = startHelper<Dashboards>('helpers/dashboards.ts');
  scope.defer(() => dashboards.stop());
  const url = `${bare.socketUrl}/ws/board?v=${PROTOCOL_VERSION}`;
  await dashboards.ask('open', { url, cookie: bare.cookie, count: DASHBOARDS });

  const alone = await measure(`Board alone, ${MANY} calls`, dashboards, MANY, async () => {
    const response = await fetch(`${bare.worker.url}/bench/announce?calls=${MANY}&seconds=${MEASURE_S}`);
    return ((await response.json()) as { announced: number }).announced;
  });
  const doors: AgentDoor[] = [];
  await openCalls(bare, doors, FEW);
  const few = await throughDoors(dashboards, doors);
  await openCalls(bare, doors, MANY);
  const many = await throughDoors(dashboards, doors);
  const lost = doors.filter((door) => door.socket.readyState !== door.socket.OPEN).length;
  return {
    bench: 'board',
    what: `a change in a call until ${DASHBOARDS} dashboards have it; every call changes once a second`,
    measured: Object.fromEntries([alone, few, many].map((each) => [each.name, each.seen])),
    figures: { ...alone.figures, ...few.figures, ...many.figures },
    notes: [alone.note, few.note, many.note, `${lost} of ${doors.length} doors were lost meanwhile.`],
  };
}

async function throughDoors(dashboards: Helper<Dashboards>, doors: readonly AgentDoor[]): Promise<Measured> {
  return measure(`agent doors, ${doors.length} calls`, dashboards, doors.length, () => talk(doors));
}

async function openCalls(bare: BareWorker, doors: AgentDoor[], wanted: number): Promise<void> {
  const untilMs = machineMs() + OPEN_WITHIN_MS;
  while (doors.length < wanted && machineMs() < untilMs) {
    const batch = Math.min(AT_ONCE, wanted - doors.length);
    doors.push(...(await Promise.all(Array.from({ length: batch }, () => bare.openCall()))));
  }
}

/** Each call says something once a second, evenly spread. @returns how many changes were durable in time */
async function talk(doors: readonly AgentDoor[]): Promise<number> {
  const before = doors.reduce((sum, door) => sum + door.acknowledged(), 0);
  const startedAtMs = machineMs();
  let said = 0;
  while (said < MEASURE_S * doors.length) {
    const due = Math.floor(((machineMs() - startedAtMs) / 1000) * doors.length);
    for (; said < Math.min(due, MEASURE_S * doors.length); said++) {
      doors[said % doors.length]?.observe(
        words(`at ${Date.now()} the blue one with the tow bar, is it still there?`),
      );
    }
    await pause(TICK_MS);
  }
  return doors.reduce((sum, door) => sum + door.acknowledged(), 0) - before;
}

async function measure(
  name: string,
  dashboards: Helper<Dashboards>,
  calls: number,
  change: () => Promise<number>,
): Promise<Measured> {
  await dashboards.ask('collect', undefined);
  const pid = workerdPid();
  const [cpuBefore, startedAtMs] = [cpuSeconds(pid), machineMs()];
  const changes = await change();
  const seconds = (machineMs() - startedAtMs) / 1000;
  const cpu = cpuSeconds(pid) - cpuBefore;
  await pause(SETTLE_MS);
  const { latenciesMs, bytes, deltas, gaps } = await dashboards.ask('collect', undefined);
  if (gaps > 0) throw new Error(`${gaps} deltas did not follow the one before`);
  return {
    name,
    seen: spread(latenciesMs),
    figures: {
      [`${name}: workerd's share of a core`]: figure((cpu / seconds) * 100, '%'),
      [`${name}: CPU a change`]: figure((cpu * 1e6) / changes, 'µs'),
    },
    note:
      `${name}: ${round(changes / seconds)} changes/s for ${round(seconds)} s (asked for ${calls}/s); ` +
      `${round((latenciesMs.length / changes) * 100)} % of them seen on their own, the others with a newer one; ` +
      `${round(bytes / 1e6 / seconds)} MB/s in ${round(deltas / DASHBOARDS / seconds)} deltas/s to each of ${DASHBOARDS}.`,
  };
}
