import type * as z from 'zod/mini';
import { fleetOf } from '../../durable-objects/env.ts';
import type { Env } from '../../durable-objects/env.ts';
import type { ready } from '../../protocol/api/operations.ts';
import { roomClient } from '../livekit/clients.ts';
import type { Settings } from '../settings.ts';

export type Check = z.infer<typeof ready.reply & object>['checks'][number];

/** A check that takes longer has failed. */
const PATIENCE_MS = 3_000;

/** Asks each thing a call needs. What it finds is said in words that show no address, name or secret. */
export function readiness(env: Env, settings: Settings): Promise<Check[]> {
  return Promise.all(checkNames.map((name) => checkOne(name, env, settings)));
}

const checkNames: readonly Check['name'][] = ['database', 'archive', 'media', 'agentSeats'];

/** One of them alone. */
export function checkOne(name: Check['name'], env: Env, settings: Settings): Promise<Check> {
  return check(name, () => questions[name](env, settings));
}

const questions: Record<Check['name'], (env: Env, settings: Settings) => Promise<string>> = {
  async database(env) {
    await env.DB.prepare('SELECT count(*) FROM d1_migrations').first();
    return 'answers';
  },
  async archive(env) {
    await env.ARCHIVE.head('readiness');
    return 'answers';
  },
  async media(_env, { livekit, simulated }) {
    if (livekit === null) {
      if (simulated.includes('media')) return 'simulated: calls have no sound';
      throw new Error('not configured');
    }
    const rooms = await roomClient(livekit, PATIENCE_MS / 1000).listRooms();
    return `answers, ${rooms.length} rooms`;
  },
  async agentSeats(env) {
    const { hosts, seats, taken } = await fleetOf(env).seats();
    if (hosts === 0) throw new Error('no agent host is heard');
    return `${seats - taken} of ${seats} free on ${hosts} hosts`;
  },
};

async function check(name: Check['name'], ask: () => Promise<string>): Promise<Check> {
  const startedAtMs = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    const detail = await Promise.race([ask(), tooLate]);
    return { name, ok: true, durationMs: Date.now() - startedAtMs, detail };
  } catch (error) {
    return { name, ok: false, durationMs: Date.now() - startedAtMs, detail: reasonOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Only sentences of our own are shown: a library's may hold an address. */
function reasonOf(error: unknown): string {
  const own = ['not configured', 'no agent host is heard', `no answer in ${PATIENCE_MS} ms`];
  const message = error instanceof Error ? error.message : '';
  return own.includes(message) ? message : 'did not answer as it should';
}
