import { openAgentDoor } from './agent-door.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs, pause, until } from './clock.ts';
import type { ReturningMonitors } from './helpers/returning-monitors.ts';
import { startHelper } from './helpers/helper.ts';
import { cpuSeconds, workerdPid } from './process-cpu.ts';
import type { BenchResult } from './result.ts';
import { figure } from './result.ts';
import { round, spread } from './statistics.ts';
import { words } from './words.ts';

const MONITORS = 1000;
const EVENTS_BEFORE = 200;
/** Said while they come back, so that some of it is caught up with and some of it heard live. */
const EVENTS_MEANWHILE = 20;
const MEANWHILE_EVERY_MS = 50;

/** A deploy drops every socket of a call with a thousand monitors; each comes back with the last number it has. */
export async function resume(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope);
  const door = await bare.openCall();
  for (let i = 0; i < EVENTS_BEFORE; i++) door.observe(words());
  await until('the words', () => (door.acknowledged() === EVENTS_BEFORE ? true : null));
  const headOf = async (): Promise<number> =>
    (await bare.read<{ head: number }>(`/api/calls/${door.callId}/events?since=0`)).head;
  const head = await headOf();

  const monitors = startHelper<ReturningMonitors>('helpers/returning-monitors.ts');
  scope.defer(() => monitors.stop());
  await monitors.ask('gather', {
    url: bare.monitorUrl(door.callId),
    cookie: bare.cookie,
    count: MONITORS,
    head,
  });
  const expected = head + EVENTS_MEANWHILE;

  const restartAtMs = machineMs();
  await bare.worker.restart();
  const upAtMs = machineMs();
  const back = await openAgentDoor(bare.socketUrl, door.callId, door.doorToken);
  scope.defer(() => back.close());
  const agentBackAtMs = machineMs();
  for (let i = 0; i < EVENTS_MEANWHILE; i++) {
    back.observe(words());
    await pause(MEANWHILE_EVERY_MS);
  }
  const news = await monitors.ask('caughtUp', { head: expected });
  const allBackAtMs = Math.max(...news.caughtUpAtMs);
  const cpu = cpuSeconds(workerdPid());
  const headAfter = await headOf();
  if (headAfter !== expected) throw new Error(`the ledger ends at ${headAfter}, not at ${expected}`);

  const since = (starts: readonly number[] | number, ends: readonly number[]): number[] =>
    ends.map((atMs, index) => atMs - (typeof starts === 'number' ? starts : (starts[index] ?? Number.NaN)));
  return {
    bench: 'resume',
    what: `${MONITORS} monitors of one call after every socket was dropped, until they have all of it again`,
    measured: {
      'from the drop, connected again': spread(since(news.droppedAtMs, news.connectedAtMs)),
      'from the drop, caught up': spread(since(news.droppedAtMs, news.caughtUpAtMs)),
      'from the Worker being up, caught up': spread(since(upAtMs, news.caughtUpAtMs)),
    },
    figures: {
      'events missed': figure(news.missed, 'events', { atMost: 0 }),
      'events twice': figure(news.duplicated, 'events', { atMost: 0 }),
      resets: figure(news.resets, 'resets', { atMost: 0 }),
      'attempts a monitor': figure(news.attempts / MONITORS, 'attempts'),
      'restart of the Worker': figure(upAtMs - restartAtMs, 'ms'),
      'workerd CPU a monitor that came back': figure((cpu * 1000) / MONITORS, 'ms'),
    },
    notes: [
      `${head} events before; ${EVENTS_MEANWHILE} more from the agent, who was back ${round(agentBackAtMs - upAtMs)} ms after the Worker was up.`,
      'Caught up: has everything that stood in the ledger as its socket was opened again.',
      `The last one was back ${round((allBackAtMs - upAtMs) / 1000)} s after the Worker was up. Each is authorised anew, which looks its session up in D1.`,
      'Every monitor counts: a number that is not the next is a miss or a double.',
    ],
  };
}
