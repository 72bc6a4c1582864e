import { RoomServiceClient } from 'livekit-server-sdk';
import type * as z from 'zod/mini';
import { fleetOf } from '../../durable-objects/env.ts';
import type { Env } from '../../durable-objects/env.ts';
import type { ready } from '../../protocol/api/operations.ts';
import type { Settings } from '../settings.ts';

export type Check = z.infer<typeof ready.reply & object>['checks'][number];

/** A check that takes longer has failed. */
const PATIENCE_MS = 3_000;

/** Asks each thing a call needs. What it finds is said in words that show no address, name or secret. */
export async function readiness(env: Env, settings: Settings): Promise<Check[]> {
  return Promise.all([
    check('database', async () => {
      await env.DB.prepare('SELECT count(*) FROM d1_migrations').first();
      return 'answers';
    }),
    check('archive', async () => {
      await env.ARCHIVE.head('readiness');
      return 'answers';
    }),
    check('media', async () => {
      const { livekit } = settings;
      if (livekit === null) {
        if (settings.simulated.includes('media')) return 'simulated: calls have no sound';
        throw new Error('not configured');
      }
      const { url, apiKey, apiSecret } = livekit;
      const client = new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret, {
        requestTimeout: PATIENCE_MS / 1000,
      });
      return `answers, ${(await client.listRooms()).length} rooms`;
    }),
    check('agentSeats', async () => {
      const { hosts, seats, taken } = await fleetOf(env).seats();
      if (hosts === 0) throw new Error('no agent host is heard');
      return `${seats - taken} of ${seats} free on ${hosts} hosts`;
    }),
  ]);
}

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
