import { env } from 'cloudflare:workers';
import { AccessToken } from 'livekit-server-sdk';
import { expect, it, vi } from 'vitest';
import { ask, post, LAB } from './world.ts';

const SECRET = 'test-livekit-secret-test-livekit-secret';
const TIMES = 100;

async function signed(body: string): Promise<string> {
  const token = new AccessToken('test-key', SECRET, { ttl: '5m' });
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  token.sha256 = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return token.toJwt();
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const left = [...items];
  const out: T[] = [];
  for (let state = seed; left.length > 0;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    out.push(...left.splice(state % left.length, 1));
  }
  return out;
}

it.each([1, 2, 3])(
  'LEDGER-3 a storm: each webhook a hundred times in random order ends in one effect each (order %i)',
  async (seed) => {
    const response = await post(
      '/api/calls',
      { profile: 'auto-sales', channel: 'lab', contact: { name: null } },
      LAB,
    );
    const { call } = await response.json<{ call: { id: string } }>();
    const callId = call.id;
    const room = env.CALL_ROOM.getByName(callId);
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    await room.take({
      type: 'agentHello',
      offer: 1,
      session: 's1',
      hostId: 'host-1',
      identity: 'agent-1',
      agentClockMs: Date.now(),
    });
    const event = (name: string, participant?: object): string =>
      JSON.stringify({
        event: name,
        id: `EV_${name}`,
        createdAt: String(Math.floor(Date.now() / 1000)),
        room: { name: `call-${callId}`, sid: 'RM_1' },
        ...(participant ? { participant } : {}),
      });
    const customer = { identity: `customer-${callId}`, sid: 'PA_1' };
    const bodies = [
      event('participant_joined', customer),
      event('participant_left', customer),
      event('participant_joined', { identity: 'monitor-1', sid: 'PA_9' }),
      event('room_finished'),
    ];
    const tokens = new Map<string, string>();
    for (const body of bodies) tokens.set(body, await signed(body));
    const storm = shuffled(
      bodies.flatMap((body) => Array.from({ length: TIMES }, () => body)),
      seed,
    );
    const statuses = new Set<number>();
    for (let at = 0; at < storm.length; at += 40) {
      const wave = storm
        .slice(at, at + 40)
        .map((body) =>
          ask('/livekit/webhook', { method: 'POST', headers: { authorization: tokens.get(body)! }, body }),
        );
      for (const each of await Promise.all(wave)) statuses.add(each.status);
    }
    expect([...statuses]).toEqual([200]);
    await vi.waitFor(async () => expect((await room.summary())!.phase).toBe('ended'), {
      timeout: 10_000,
      interval: 50,
    });
    const types = (await room.events(0))!.events.map((each) => each.type);
    const times = (type: string): number => types.filter((each) => each === type).length;
    expect(times('callEnded')).toBe(1);
    for (const type of ['customerJoined', 'customerLeft']) expect(times(type)).toBeLessThanOrEqual(1);
    await vi.waitFor(async () => {
      const asked = await (
        await fetch(`http://livekit.test/asked/call-${callId}`)
      ).json<Record<string, number>>();
      expect(asked).toMatchObject({ CreateRoom: 1, DeleteRoom: 1 });
      expect(asked['CreateDispatch'] ?? 0).toBeLessThanOrEqual(1);
    });
  },
  20_000,
);
