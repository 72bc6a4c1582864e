import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it, vi } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallInput } from '../../domain/call/input.ts';
import { failNextWrite, newCall, words } from './world.ts';

const SCHEDULES = 500;
const SLICES = 5;
/** An eviction takes a quarter of a second here: several calls share the wait. */
const AT_ONCE = 20;

/** mulberry32 */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One call in real workerd, with the object evicted, crashed, its storage failing or its alarm ringing between any two steps. */
async function playSchedule(seed: number): Promise<void> {
  const random = chance(seed);
  /** A sender that gets no answer comes again, as the Worker's callers do. */
  const insist = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (attempt === 60) throw error;
        await new Promise((resolve) => setTimeout(resolve, 5 * attempt));
      }
    }
  };
  const { callId } = await insist(newCall);
  const room = () => env.CALL_ROOM.getByName(callId);
  const acknowledged: string[] = [];
  /** May itself be cut short: a neighbour's crash takes every object of the process. */
  const disturb = (): Promise<void> => harm(random()).catch(() => undefined);
  const harm = async (roll: number): Promise<void> => {
    if (roll < 0.2) await evictDurableObject(room());
    else if (roll < 0.25) await abortAllDurableObjects();
    else if (roll < 0.35) await runDurableObjectAlarm(room());
    else if (roll < 0.45) await failNextWrite(room());
  };
  const take = (input: CallInput) => insist(async () => await room().take(input));

  await disturb();
  await take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
  await disturb();
  await take({
    type: 'agentHello',
    offer: 1,
    session: 's1',
    hostId: 'host-1',
    identity: 'agent-1',
    agentClockMs: Date.now(),
  });
  for (let said = 0; said < 4; said++) {
    await disturb();
    const id = `o${said}`;
    const observe = { id, observation: words(`u${said}`, `words ${said}`) };
    const times = random() < 0.3 ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const answer = await insist(async () => await room().observe('s1', observe));
      if (answer.type === 'ack' && !acknowledged.includes(`u${said}`)) acknowledged.push(`u${said}`);
    }
  }
  await disturb();
  await insist(
    async () =>
      await room().observe('s1', {
        id: 'bye',
        observation: { type: 'sessionEnding', by: 'agent', reason: 'goodbye' },
      }),
  );
  await disturb();

  // Whatever waits is delivered by the alarm, at once or at its next ring.
  await vi.waitFor(
    async () => {
      // As the sweep does: a neighbour's crash may have swallowed the ring of a test-driven alarm.
      await room().look();
      const row = await env.DB.prepare('SELECT phase, head FROM calls WHERE call_id = ?')
        .bind(callId)
        .first<{ phase: string; head: number }>();
      expect(row?.phase).toBe('ended');
      expect(row?.head).toBe((await room().events(0))!.head);
      expect(await env.ARCHIVE.head(`calls/${callId}/ledger.ndjson`)).not.toBeNull();
    },
    { timeout: 20_000, interval: 50 },
  );
  const { events } = (await insist(async () => await room().events(0)))!;
  expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
  expect(events.filter((event) => event.type === 'callEnded')).toHaveLength(1);
  const written = events.flatMap((event) => (event.type === 'wordsSpoken' ? [event.utteranceId] : []));
  expect(written).toEqual(acknowledged);
  expect(foldCall(events)!.transcript).toEqual(await insist(async () => await room().transcript()));
}

it.each(Array.from({ length: SLICES }, (_none, slice) => slice))(
  'LEDGER-1 LEDGER-3 nothing acknowledged is lost and a call ends once, whatever happens between two steps (slice %i)',
  async (slice) => {
    const each = SCHEDULES / SLICES;
    for (let first = slice * each; first < (slice + 1) * each; first += AT_ONCE) {
      const seeds = Array.from({ length: AT_ONCE }, (_none, index) => first + index);
      await Promise.all(
        seeds.map((seed) =>
          playSchedule(seed).catch((error: unknown) => {
            throw new Error(`schedule ${seed}`, { cause: error });
          }),
        ),
      );
    }
  },
  120_000,
);
