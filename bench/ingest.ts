import { join } from 'node:path';
import type { WebSocket } from 'ws';
import { startChild } from '../scripts/stack/child.ts';
import { ROOT } from '../scripts/stack/paths.ts';
import { open, startBareWorker } from './bare-worker.ts';
import type { BenchResult } from './result.ts';
import { median, round, spread } from './result.ts';

const ROUNDS = 20;
const PER_ROUND = 100;
const WARM_UP = 200;

/** Agent door → monitor: durable, numbered, acknowledged, against a relay that keeps nothing. */
export async function ingest(): Promise<BenchResult> {
  const relay = startChild('relay', [process.execPath, 'bench/peers/ws-relay.ts'], {
    cwd: ROOT,
    env: {},
    logFile: join('/tmp', 'earshot-bench-relay.log'),
  });
  const port = (await relay.line(/^listening/, 10_000)).split(' ')[1];
  const bare = await startBareWorker();
  const { callId, agent } = await bare.openCall();
  const ours = lane(agent, await bare.watch(callId));
  const peer = lane(await open(`ws://127.0.0.1:${port}/agent`), await open(`ws://127.0.0.1:${port}/monitor`));
  for (let i = 0; i < WARM_UP; i++) {
    await ours();
    await peer();
  }
  const samples = { ours: [] as number[], peer: [] as number[] };
  const rounds: { p50: number; p99: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const round = { ours: [] as number[], peer: [] as number[] };
    for (let n = 0; n < PER_ROUND; n++) {
      round.peer.push(await peer());
      round.ours.push(await ours());
    }
    const [a, b] = [spread(round.ours), spread(round.peer)];
    rounds.push({ p50: a.p50Ms / b.p50Ms, p99: a.p99Ms / b.p99Ms });
    samples.ours.push(...round.ours);
    samples.peer.push(...round.peer);
  }
  const [all, floor] = [spread(samples.ours), spread(samples.peer)];
  await bare.stop();
  await relay.stop();
  return {
    bench: 'ingest',
    what: 'an observation at the agent door until a monitor has it',
    measured: { 'Earshot (durable, in workerd)': all, 'plain Node ws relay': floor },
    ratios: {
      'p50 (aim ≤ 2)': round(median(rounds.map((each) => each.p50))),
      'p99 over all rounds (aim ≤ 1.5)': round(all.p99Ms / floor.p99Ms),
    },
    notes: [`${ROUNDS} rounds of ${PER_ROUND}, one after the other, interleaved with the peer.`],
  };
}

let sent = 0;

/** Sends one observation and waits for the monitor's copy; the acknowledgement is awaited but not counted. */
function lane(agent: WebSocket, monitor: WebSocket): () => Promise<number> {
  return async () => {
    const id = `o${++sent}`;
    const seen = new Promise<number>((resolve) => {
      const look = (raw: unknown): void => {
        if (!String(raw).includes(`"${id}"`)) return;
        monitor.off('message', look);
        resolve(performance.now());
      };
      monitor.on('message', look);
    });
    const acknowledged = new Promise<void>((resolve) => {
      const look = (raw: unknown): void => {
        if (!String(raw).includes(`"${id}"`)) return;
        agent.off('message', look);
        resolve();
      };
      agent.on('message', look);
    });
    const observation = {
      type: 'wordsSpoken',
      utteranceId: id,
      speaker: 'customer',
      text: 'I would like to know whether the blue one with the tow bar is still for sale, please.',
      startedAtMs: Date.now() - 1_000,
      endedAtMs: Date.now(),
      interrupted: false,
    };
    const startedAt = performance.now();
    agent.send(JSON.stringify({ type: 'observe', id, observation }));
    const tookMs = (await seen) - startedAt;
    await acknowledged;
    return tookMs;
  };
}
