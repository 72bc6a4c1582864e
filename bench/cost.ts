import type { Observation } from '../domain/call/input.ts';
import type { AgentDoor } from './agent-door.ts';
import type { BareWorker } from './bare-worker.ts';
import { startBareWorker } from './bare-worker.ts';
import { machineMs, pause, until } from './clock.ts';
import { bill, centsPerThousandMinutes, durationDollars, total } from './cost/bill.ts';
import type { Counts } from './cost/counts.ts';
import { emptyCounts, minus, plus } from './cost/counts.ts';
import type { BenchResult, Figure } from './result.ts';
import { figure } from './result.ts';
import { round } from './statistics.ts';
import { words } from './words.ts';

/** The call that is billed. */
const CALL_MINUTES = 10;
/** Minutes of talk in real time, of which ten are reckoned. */
const TALK_MINUTES = 1;
/** Each side speaks once in this time: the customer first, then the agent. */
const EXCHANGE_MS = 6_000;
const SPEAKS_MS = 2_500;
const INTERIM_EVERY_MS = 250;
/** What is late: the announcement a quarter of a second after the last word, D1 and R2. */
const SETTLE_MS = 1_500;
/** A call's own Board announcements cross the network while the call is awake, ms each; not to be seen on one machine. */
const BOARD_ROUND_TRIP_MS = 30;
/** LiveKit's webhooks of a call with one customer and one agent, of which three reach the call; none without sound. */
const WEBHOOKS = { requests: 12, reachTheCall: 3 };
const HOST_CALLS = 8;
const HEARTBEATS_A_MINUTE = 12;
const MONTH_S = 30 * 24 * 3600;

/** What Cloudflare bills for a call: counted in the real runtime by a module that stands before the product's. */
export async function cost(scope: AsyncDisposableStack): Promise<BenchResult> {
  const bare = await startBareWorker(scope, 'counting.ts');
  // What every call costs, in one that ends as it begins; then one with a minute of talk.
  const beat = await countHeartbeat(bare);
  const short = await countCall(bare, beat, () => Promise.resolve());
  const long = await countCall(bare, beat, talk);
  const perMinute = minus(long, short);
  const counts = plus(short, perMinute, CALL_MINUTES / TALK_MINUTES);
  counts.workerRequests += WEBHOOKS.requests;
  counts.callRoom.requests += WEBHOOKS.reachTheCall;

  const pinnedS = CALL_MINUTES * 60;
  const awakeS = (counts.callRoom.awakeMs + counts.board.requests * BOARD_ROUND_TRIP_MS) / 1000;
  const hibernating = bill(counts, awakeS);
  const cents = (dollars: number): number => centsPerThousandMinutes(dollars, CALL_MINUTES);
  const figures: Record<string, Figure> = {};
  for (const each of hibernating)
    figures[each.what] = figure(cents(each.dollars), `¢ (${round(each.quantity)} a call)`);
  return {
    bench: 'cost',
    what: `US cents for 1,000 minutes in calls of ${CALL_MINUTES} minutes, at Cloudflare's list prices`,
    measured: {},
    figures: {
      'hibernating, in all': figure(cents(total(hibernating)), '¢'),
      'pinned in memory, in all': figure(cents(total(bill(counts, pinnedS))), '¢'),
      ...figures,
      'heartbeats of its host': figure(
        cents((total(bill(beat, 0)) * HEARTBEATS_A_MINUTE * CALL_MINUTES) / HOST_CALLS),
        `¢ (12 a minute, ${HOST_CALLS} calls a host)`,
      ),
      'Board or Fleet, awake all month': figure(durationDollars(MONTH_S) * 100, '¢ a month each'),
    },
    notes: [
      `Counted: rows by the runtime's own rowsWritten and meta.rows_written, requests, messages and alarms as they come in. ${TALK_MINUTES} minute of talk in real time after a call without any; the difference is taken ${CALL_MINUTES} times.`,
      `The talk: each side once in ${EXCHANGE_MS / 1000} s, interims 4/s while speaking, activity, a measure and usage with each answer, a ping every 2 s (free: answered by the runtime).`,
      `A minute of talk: ${describe(perMinute)}.`,
      `Awake: handlers, timers (the Board is told 250 ms after a change), and ${BOARD_ROUND_TRIP_MS} ms assumed for each of those calls to the Board: ${round(awakeS)} s of ${pinnedS} s. Pinned: billed for all of it, as when its runtime never finds it idle.`,
      `Not counted in silence, added from the code: ${WEBHOOKS.requests} webhooks. Not in it: LiveKit, speech and models, dashboards and monitors (each socket 1 Worker and 1 object request, then nothing), storage, what the plan includes.`,
      'Rows left: one a message of words (it must be durable before it is acknowledged), and alarms, without which a machine that vanished is never missed. A longer call fills its pages in D1 better than is reckoned here.',
    ],
  };
}

const read = (bare: BareWorker): Promise<Counts> => bare.read<Counts>('/bench/counts');

/** One heartbeat of a host at which nothing changes, so that those which come in between can be taken out again. */
async function countHeartbeat(bare: BareWorker): Promise<Counts> {
  await bare.heartbeat();
  await pause(SETTLE_MS);
  const [before, beatsBefore] = [await read(bare), bare.heartbeats()];
  await bare.heartbeat();
  await pause(SETTLE_MS);
  return plus(emptyCounts(), minus(await read(bare), before), 1 / (bare.heartbeats() - beatsBefore));
}

async function countCall(
  bare: BareWorker,
  beat: Counts,
  talk: (door: AgentDoor) => Promise<void>,
): Promise<Counts> {
  const [before, beatsBefore] = [await read(bare), bare.heartbeats()];
  const door = await bare.openCall();
  await talk(door);
  door.observe({ type: 'sessionEnding', by: 'agent', reason: 'the bench is over' });
  await until('the end in D1', async () =>
    (await bare.worker.database
      .prepare(`SELECT 1 FROM calls WHERE call_id = ? AND phase = 'ended'`)
      .bind(door.callId)
      .first()) === null
      ? null
      : true,
  );
  await pause(SETTLE_MS);
  door.close();
  return plus(minus(await read(bare), before), beat, beatsBefore - bare.heartbeats());
}

/** A conversation as agents report it, in real time. */
async function talk(door: AgentDoor): Promise<void> {
  const untilMs = machineMs() + TALK_MINUTES * 60_000;
  for (let exchange = 0; machineMs() < untilMs; exchange++) {
    const endsAtMs = machineMs() + EXCHANGE_MS;
    door.send({ type: 'activity', activity: 'listening' });
    await speak(door, 'customer');
    door.send({ type: 'activity', activity: 'thinking' });
    await pause(400);
    door.send({ type: 'activity', activity: 'speaking' });
    await speak(
      door,
      'agent',
      {
        type: 'turnMeasured',
        turnId: `t${exchange}`,
        endOfTurnMs: 300,
        sttMs: 200,
        llmMs: 400,
        ttsMs: 150,
        totalMs: 900,
      },
      {
        type: 'usageReported',
        sttAudioMs: SPEAKS_MS,
        llmInputTokens: 800,
        llmOutputTokens: 40,
        ttsCharacters: 120,
        ttsAudioMs: SPEAKS_MS,
      },
    );
    await pause(endsAtMs - machineMs());
  }
}

/** `measures` go out together with the last word, as the agent host sends them. */
async function speak(
  door: AgentDoor,
  speaker: 'customer' | 'agent',
  ...measures: readonly Observation[]
): Promise<void> {
  const final = words(undefined, speaker);
  const { utteranceId, text } = final;
  const startedAtMs = Date.now();
  for (let atMs = INTERIM_EVERY_MS; atMs <= SPEAKS_MS; atMs += INTERIM_EVERY_MS) {
    await pause(INTERIM_EVERY_MS);
    const soFar = text.slice(0, Math.round((text.length * atMs) / SPEAKS_MS));
    door.send({ type: 'interim', interim: { utteranceId, speaker, text: soFar, startedAtMs } });
  }
  door.observe({ ...final, startedAtMs, endedAtMs: Date.now() }, ...measures);
}

function describe({ callRoom, board, d1Rows }: Counts): string {
  const rows = `${callRoom.sqlRows} SQL, ${callRoom.kvRows} kv and ${callRoom.alarmRows} alarm rows`;
  return (
    `${callRoom.messages} messages, ${callRoom.alarms} alarms, ${rows}, ${board.requests} announcements, ` +
    `${board.sqlRows + board.kvRows} rows of the Board, ${d1Rows} of D1, awake ${round(callRoom.awakeMs / 1000)} s`
  );
}
