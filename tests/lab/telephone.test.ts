import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ExchangeOffice } from '../../agent-host/lab/telephone/office.ts';
import { PEOPLE, reactionOf } from '../../agent-host/lab/telephone/people.ts';
import { BEHAVIOURS } from '../../agent-host/lab/scenarios.ts';
import type { CallerReport, ScriptedCall } from '../../agent-host/lab/scripted-call.ts';
import type { LabOrder, LabStatus } from '../../protocol/lab-phone.ts';

let told: [string, LabStatus][];
let talking: ScriptedCall[];
let office: ExchangeOffice;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  talking = [];
  office = new ExchangeOffice({
    tell: ({ callId }, status) => {
      told.push([callId, status]);
      return Promise.resolve();
    },
    talk: (call) => {
      talking.push(call);
      return new Promise((resolve) =>
        call.signal?.addEventListener('abort', () => resolve({} as CallerReport), { once: true }),
      );
    },
  });
});
afterEach(() => {
  office.close();
  vi.useRealTimers();
});

const order = (callId: string, to: string): LabOrder => ({
  callId,
  to,
  from: null,
  ringMs: 10_000,
  join: { url: 'ws://livekit.test', token: 't', room: `call-${callId}` },
  callback: { url: 'http://worker.test/status', token: 'c' },
});
const heard = (callId: string): LabStatus[] => told.filter(([id]) => id === callId).map(([, each]) => each);

describe('the lab’s exchange', () => {
  test.each([
    ['10', ['ringing', 'busy']],
    ['20', ['ringing', 'noAnswer']],
    ['30', ['ringing', 'declined']],
    ['40', ['invalidNumber']],
    ['45', ['failed']],
    ['42', ['ringing', 'answered']],
    ['50', ['ringing', 'answered']],
  ])('a number that ends in %s: %j', async (ending, expected) => {
    office.order(order('c1', `+121255501${ending}`));
    await vi.advanceTimersByTimeAsync(11_000);
    expect(heard('c1')).toEqual(expected);
  });

  test('DIAL-3 the same call ordered again rings nobody a second time', async () => {
    office.order(order('c1', '+12125550142'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(office.order(order('c1', '+12125550142'))).toEqual({ callId: 'c1', status: 'answered' });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(talking).toHaveLength(1);
    expect(office.attempts.get('+12125550142')).toBe(1);
  });

  test('busy at first, reached at the second attempt', async () => {
    office.order(order('c1', '+12125550111'));
    await vi.advanceTimersByTimeAsync(3_000);
    office.order(order('c2', '+12125550111'));
    await vi.advanceTimersByTimeAsync(3_000);
    expect([heard('c1').at(-1), heard('c2').at(-1)]).toEqual(['busy', 'answered']);
  });

  test('a call that is hung up while it rings is never answered', async () => {
    office.order(order('c1', '+12125550142'));
    await vi.advanceTimersByTimeAsync(500);
    expect(office.hangUp('c1')).toEqual({ callId: 'c1', status: 'noAnswer' });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(talking).toEqual([]);
    expect(heard('c1')).toEqual(['ringing']);
  });

  test('a conversation that is hung up ends; hanging up again changes nothing', async () => {
    office.order(order('c1', '+12125550142'));
    await vi.advanceTimersByTimeAsync(3_000);
    office.hangUp('c1');
    expect(talking[0]?.signal?.aborted).toBe(true);
    expect(office.hangUp('c1')).toEqual({ callId: 'c1', status: 'completed' });
    expect(office.hangUp('nobody')).toBeNull();
  });

  test('eight talk at a time; a ninth rings on until one of them is done', async () => {
    for (let each = 1; each <= 9; each++) office.order(order(`c${each}`, `+1212555${1000 + each}42`));
    await vi.advanceTimersByTimeAsync(4_000);
    expect(talking).toHaveLength(8);
    office.hangUp('c1');
    await vi.advanceTimersByTimeAsync(500);
    expect(talking).toHaveLength(9);
  });
});

test('whoever answers does something that a scripted customer can', () => {
  for (const reactions of Object.values(PEOPLE)) {
    expect(reactions.length).toBeGreaterThan(0);
    for (const each of reactions) if (each.kind === 'answers') expect(BEHAVIOURS).toContain(each.as);
  }
  expect(reactionOf('+12125550111', 7)).toMatchObject({ kind: 'answers' });
});
