import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallInput, Liveness } from '../../domain/call/input.ts';
import type { Order } from '../../domain/call/supervision.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { SILENCE_MS, STALE_MS, deadlinesOf } from '../../domain/call/deadlines.ts';
import { OPERATOR_ARRIVAL_MS, OPERATOR_RETURN_MS, ORDER_MS } from '../../domain/call/steering-deadlines.ts';
import { MAX_PENDING_ORDERS, SEAT_UNUSED_MS } from '../../domain/call/steering.ts';
import { lineOf, supervisionOf } from '../../domain/call/supervision.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { Ledger, hello, requestCall, said, START_MS } from './ledger.ts';

const ada = { by: 'user:ada', byName: 'Ada' };
const ben = { by: 'user:ben', byName: 'Ben' };
const seat = (identity: string, who = ada): CallInput => ({
  type: 'giveSeat',
  seat: identity.startsWith('monitor') ? 'listen' : identity.startsWith('whisper') ? 'whisper' : 'operator',
  identity,
  ...who,
});
const order = (orderId: string, wanted: Order, who = ada): CallInput => ({
  type: 'giveOrder',
  orderId,
  order: wanted,
  ...who,
});
const takeOver = (orderId: string, identity = 'operator-a', who = ada): CallInput =>
  order(orderId, { kind: 'takeOver', identity }, who);
const handBack = (orderId: string, who = ada): CallInput =>
  order(orderId, { kind: 'handBack', note: null }, who);
const whisper = (orderId: string): CallInput =>
  order(orderId, { kind: 'whisper', text: 'one slot left at 15:40', via: 'text' });
const followed = (orderId: string, outcome: 'done' | 'failed' = 'done', session = 's1'): CallInput => ({
  type: 'observe',
  session,
  observation: { type: 'orderFollowed', orderId, outcome, reason: outcome === 'done' ? null : 'could not' },
});
const sits = (identity: string, connection = 'PA_1'): CallInput => ({
  type: 'seatSeen',
  participant: { identity, connection },
});
const leaves = (identity: string, connection = 'PA_1'): CallInput => ({
  type: 'seatGone',
  participant: { identity, connection },
});
const inTouch = (ledger: Ledger): Liveness => ({ agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs });

/** An answered call. */
function answered(): Ledger {
  const ledger = new Ledger();
  ledger.take(requestCall);
  ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'a' });
  ledger.take(hello(1, 's1', ledger.nowMs));
  ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'C_1' } });
  return ledger;
}

/** Ada holds the line and sits there. */
function held(): Ledger {
  const ledger = answered();
  for (const input of [seat('operator-a'), sits('operator-a'), takeOver('o1'), followed('o1')])
    expect(ledger.take(input)).toBe('ok');
  return ledger;
}

function wait(ledger: Ledger, ms: number): void {
  ledger.nowMs += ms;
  ledger.take({ type: 'clock', liveness: inTouch(ledger) });
}

const typesOf = (ledger: Ledger) => ledger.events.map(({ type }) => type);

describe('orders', () => {
  test('STEER-1 the same order again changes nothing, also after it was followed and after the end', () => {
    const ledger = answered();
    ledger.take(whisper('o1'));
    const { length } = ledger.events;
    expect(ledger.take(whisper('o1'))).toBe('ok');
    ledger.take(followed('o1'));
    expect(ledger.take(whisper('o1'))).toBe('ok');
    ledger.take({ type: 'hangUp', by: 'user:ada' });
    expect(ledger.take(whisper('o1'))).toBe('ok');
    expect(typesOf(ledger).filter((type) => type === 'orderGiven')).toHaveLength(1);
    expect(ledger.events.length).toBe(length + 3);
    expect(ledger.take(whisper('o2'))).toBe('call_ended');
  });

  test('STEER-2 an order nobody followed in time has failed, and a late word of it changes nothing', () => {
    const ledger = answered();
    ledger.take(whisper('o1'));
    wait(ledger, ORDER_MS - 1);
    expect(supervisionOf(ledger.call!).pending).toHaveLength(1);
    wait(ledger, 1);
    expect(ledger.events.at(-1)).toMatchObject({ type: 'orderFollowed', outcome: 'failed' });
    expect(ledger.events.at(-1)).toHaveProperty('reason', expect.stringContaining('in time'));
    ledger.take(followed('o1'));
    expect(typesOf(ledger).filter((type) => type === 'orderFollowed')).toHaveLength(1);
  });

  test('STEER-2 only so many orders wait', () => {
    const ledger = answered();
    for (let at = 0; at < MAX_PENDING_ORDERS; at++) expect(ledger.take(whisper(`o${at}`))).toBe('ok');
    expect(ledger.take(whisper('more'))).toBe('too_many_orders');
  });

  test('STEER-1 what is whispered by voice is an order of whoever was given the seat', () => {
    const ledger = answered();
    ledger.take(seat('whisper-b', ben));
    const heard = (identity: string): CallInput => ({
      type: 'observe',
      session: 's1',
      observation: { type: 'voiceWhispered', whisperId: 'w1', identity, text: 'offer a test drive' },
    });
    expect(ledger.take(heard('whisper-x'))).toBe('seat_not_yours');
    expect(ledger.take(heard('whisper-b'))).toBe('ok');
    expect(ledger.take(heard('whisper-b'))).toBe('ok');
    expect(ledger.events.filter(({ type }) => type === 'orderGiven')).toMatchObject([
      { by: 'user:ben', byName: 'Ben', orderId: 'w1', order: { kind: 'whisper', via: 'voice' } },
    ]);
  });

  test('recording is not paused where nothing is recorded', () => {
    const ledger = answered();
    expect(ledger.take(order('o1', { kind: 'pauseRecording' }))).toBe('not_recording');
    expect(ledger.take(order('o2', { kind: 'resumeRecording' }))).toBe('not_recording');
  });
});

describe('the line', () => {
  test('STEER-4 refusals say why', () => {
    const early = new Ledger();
    early.take(requestCall);
    early.take(seat('operator-a'));
    expect(early.take(takeOver('o1'))).toBe('no_agent_yet');
    const ledger = answered();
    ledger.take(seat('operator-a'));
    ledger.take(seat('monitor-a'));
    expect(ledger.take(takeOver('o1', 'operator-a', ben))).toBe('seat_not_yours');
    expect(ledger.take(takeOver('o1', 'monitor-a'))).toBe('seat_not_yours');
    expect(ledger.take(takeOver('o1', 'operator-none'))).toBe('seat_not_yours');
    expect(ledger.take(handBack('o2'))).toBe('line_free');
    expect(ledger.take(takeOver('o1'))).toBe('ok');
    ledger.take(seat('operator-b', ben));
    expect(ledger.take(takeOver('o3', 'operator-b', ben))).toBe('line_held');
    expect(ledger.take(handBack('o4', ben))).toBe('line_held');
    expect(ledger.take(order('o5', { kind: 'say', text: 'Hello' }))).toBe('line_held');
    expect(ledger.take(whisper('o6'))).toBe('ok');
  });

  test('STEER-5 nobody is heard before the agent is silent; a take-over it cannot follow frees the line', () => {
    const ledger = answered();
    ledger.take(seat('operator-a'));
    ledger.take(takeOver('o1'));
    expect(lineOf(ledger.call!)).toMatchObject({ by: 'user:ada', agentSilentAtMs: null });
    ledger.take(followed('o1'));
    expect(lineOf(ledger.call!)?.agentSilentAtMs).toBe(ledger.nowMs);
    ledger.take(handBack('o2'));
    expect(lineOf(ledger.call!)).toBeNull();
    ledger.take(takeOver('o3'));
    ledger.take(followed('o3', 'failed'));
    expect(lineOf(ledger.call!)).toBeNull();
  });

  test('STEER-5 with no agent there the line is theirs at once, also when it is lost meanwhile', () => {
    const lost = answered();
    lost.take(seat('operator-a'));
    lost.take(takeOver('o1'));
    lost.take({
      type: 'observe',
      session: 's1',
      observation: { type: 'sessionEnding', by: 'error', reason: '' },
    });
    expect(lineOf(lost.call!)?.agentSilentAtMs).toBe(lost.nowMs);
    const none = answered();
    none.take({
      type: 'observe',
      session: 's1',
      observation: { type: 'sessionEnding', by: 'error', reason: '' },
    });
    none.take(seat('operator-a'));
    none.take(takeOver('o1'));
    expect(lineOf(none.call!)?.agentSilentAtMs).toBe(none.nowMs);
  });

  test('STEER-6 whoever leaves may come back; then the line lapses', () => {
    const ledger = held();
    ledger.take(leaves('operator-a'));
    wait(ledger, OPERATOR_RETURN_MS - 1);
    ledger.take(sits('operator-a', 'PA_2'));
    // A late word of the stay before.
    ledger.take(leaves('operator-a', 'PA_1'));
    wait(ledger, OPERATOR_RETURN_MS * 3);
    expect(lineOf(ledger.call!)).not.toBeNull();
    ledger.take(leaves('operator-a', 'PA_2'));
    wait(ledger, OPERATOR_RETURN_MS);
    expect(lineOf(ledger.call!)).toBeNull();
    expect(ledger.events.at(-1)).toMatchObject({ type: 'takeOverLapsed', identity: 'operator-a' });
    expect(ledger.call!.end).toBeNull();
  });

  test('STEER-6 whoever took it and never came does not keep it', () => {
    const ledger = answered();
    ledger.take(seat('operator-a'));
    ledger.take(takeOver('o1'));
    ledger.take(followed('o1'));
    wait(ledger, OPERATOR_ARRIVAL_MS);
    expect(typesOf(ledger)).toContain('takeOverLapsed');
  });

  test('STEER-7 a call that a person holds ends neither for silence nor for want of signs', () => {
    const ledger = held();
    ledger.nowMs += Math.max(SILENCE_MS, STALE_MS) * 2;
    ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: 0 } });
    expect(ledger.call!.end).toBeNull();
    ledger.take(handBack('o2'));
    ledger.take(followed('o2'));
    wait(ledger, SILENCE_MS - 1);
    expect(ledger.call!.end).toBeNull();
    wait(ledger, 1);
    expect(ledger.call!.end?.outcome).toBe('stale');
  });

  test('STEER-7 nor for want of an agent: nobody apologises into a conversation', () => {
    const ledger = held();
    ledger.take({
      type: 'observe',
      session: 's1',
      observation: { type: 'sessionEnding', by: 'error', reason: '' },
    });
    for (let offer = 0; offer < 6; offer++) {
      ledger.take({ type: 'agentChosen', hostId: 'host-2', agentName: 'b' });
      wait(ledger, 20_000);
    }
    wait(ledger, 120_000);
    expect(ledger.call!.end).toBeNull();
    expect(typesOf(ledger)).not.toContain('callBackPromised');
    ledger.take(handBack('o2'));
    for (let rings = 0; rings < 20; rings++) wait(ledger, 15_000);
    expect(typesOf(ledger)).toContain('callBackPromised');
  });
});

describe('seats', () => {
  test('LISTEN-1 an ended call lets nobody in', () => {
    const ledger = answered();
    ledger.take({ type: 'hangUp', by: 'user:ada' });
    expect(ledger.take(seat('monitor-a'))).toBe('call_ended');
  });

  test('LISTEN-2 supervisors are neither customers nor agents', () => {
    const ledger = answered();
    for (const identity of ['monitor-a', 'operator-a', 'whisper-a']) {
      ledger.take(seat(identity));
      ledger.take(sits(identity));
      ledger.take(leaves(identity));
    }
    expect(ledger.call!.customer).toMatchObject({ connection: 'C_1', leftAtMs: null });
    expect(ledger.call!.end).toBeNull();
  });

  test('LISTEN-3 the media server’s list decides, but not on who came while it was written', () => {
    const ledger = answered();
    const { nowMs } = ledger;
    ledger.take(seat('monitor-a'));
    ledger.take(seat('monitor-b'));
    ledger.take(sits('monitor-a'));
    const listed = (present: string[], askedAtMs: number): CallInput => ({
      type: 'seatsListed',
      seats: ['listen', 'operator'],
      present: present.map((identity) => ({ identity, connection: 'PA_1' })),
      askedAtMs,
    });
    const left = () => supervisionOf(ledger.call!).seats.map(({ leftAtMs }) => leftAtMs !== null);
    ledger.take(listed([], nowMs));
    expect(left()).toEqual([false, false]);
    ledger.nowMs += 20_000;
    ledger.take(listed([], ledger.nowMs));
    expect(left()).toEqual([true, false]);
    ledger.take(listed(['monitor-a'], ledger.nowMs));
    expect(left()).toEqual([false, false]);
    ledger.nowMs += SEAT_UNUSED_MS;
    ledger.take(listed(['monitor-a'], ledger.nowMs));
    expect(left()).toEqual([false, true]);
  });

  test('LISTEN-4 whoever may not take part any more is put out, again and again, and holds no line', () => {
    const ledger = held();
    ledger.take(seat('whisper-a'));
    ledger.take(seat('monitor-b', ben));
    ledger.take({ type: 'withdrawSeats', by: 'user:ada' });
    expect(lineOf(ledger.call!)).toBeNull();
    const removals = () =>
      ledger.owed.flatMap(({ effect }) => (effect.type === 'removeParticipant' ? [effect] : []));
    expect(removals()).toMatchObject([
      { room: 'call-c1', identity: 'operator-a' },
      { room: 'whisper-c1', identity: 'whisper-a' },
    ]);
    ledger.take(sits('operator-a', 'PA_9'));
    expect(removals()).toHaveLength(3);
    expect(supervisionOf(ledger.call!).seats.map((each) => each.leftAtMs === null)).toEqual([
      false,
      false,
      true,
    ]);
    expect(ledger.take(takeOver('o9'))).toBe('seat_not_yours');
  });
});

test('STEER-8 a call is marked for review also after its end, and projected again', () => {
  const ledger = answered();
  ledger.take({ type: 'hangUp', by: 'user:ada' });
  ledger.owed.length = 0;
  expect(ledger.take({ type: 'flagCall', note: 'listen to the price', ...ada })).toBe('ok');
  expect(ledger.owed.map(({ effect }) => effect.type)).toEqual(['project', 'archive', 'announce']);
  const { length } = ledger.events;
  ledger.take({ type: 'flagCall', note: 'listen to the price', ...ada });
  expect(ledger.events).toHaveLength(length);
  ledger.take({ type: 'flagCall', note: null, ...ben });
  expect(supervisionOf(ledger.call!).flag).toBeNull();
});

const who = fc.constantFrom(ada, ben);
const identity = fc.constantFrom('operator-a', 'operator-b', 'monitor-a', 'whisper-a');
const orderId = fc.integer({ min: 1, max: 30 }).map((id) => `o${id}`);
const session = fc.constantFrom('s1', 's2', 's3');
const anyOrder: fc.Arbitrary<Order> = fc.oneof(
  fc.record({ kind: fc.constant('takeOver' as const), identity }),
  fc.record({ kind: fc.constant('handBack' as const), note: fc.constant(null) }),
  fc.record({
    kind: fc.constant('whisper' as const),
    text: fc.constant('x'),
    via: fc.constant('text' as const),
  }),
  fc.record({ kind: fc.constant('say' as const), text: fc.constant('x') }),
);
const participant = fc.record({ identity, connection: fc.constantFrom('PA_1', 'PA_2') });
const anySteering: fc.Arbitrary<CallInput | 'ring'> = fc.oneof(
  fc.tuple(identity, who).map(([each, person]) => seat(each, person)),
  {
    weight: 8,
    arbitrary: fc.tuple(orderId, anyOrder, who).map(([id, wanted, person]) => order(id, wanted, person)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(orderId, who)
      .map(([id, person]) => takeOver(id, `operator-${person === ada ? 'a' : 'b'}`, person)),
  },
  fc
    .tuple(orderId, fc.constantFrom('done' as const, 'failed' as const), session)
    .map(([id, outcome, by]) => followed(id, outcome, by)),
  fc.record({ type: fc.constantFrom('seatSeen' as const, 'seatGone' as const), participant }),
  fc.record({
    type: fc.constant('seatsListed' as const),
    seats: fc.constant(['listen', 'operator'] as const),
    present: fc.array(participant, { maxLength: 2 }),
    askedAtMs: fc.constant(START_MS),
  }),
  who.map(({ by }) => ({ type: 'withdrawSeats' as const, by })),
  fc.tuple(fc.integer({ min: 1, max: 4 }), session).map(([offer, by]) => hello(offer, by, START_MS)),
  fc.constant({ type: 'agentChosen' as const, hostId: 'h', agentName: 'a' }),
  session.map((by) => ({
    type: 'observe' as const,
    session: by,
    observation: { type: 'sessionEnding' as const, by: 'error' as const, reason: '' },
  })),
  session.map((by) => ({ type: 'observe' as const, session: by, observation: said('u', START_MS) })),
  fc.constant({ type: 'flagCall' as const, note: 'look', ...ada }),
  fc.constant({ type: 'hangUp' as const, by: 'user:ada' }),
  fc.constant('ring' as const),
);

test('STEER whatever happens: one holds the line at most, an order is given and followed once, nothing outlives the end', () => {
  let held = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 8_000 }), anySteering), { maxLength: 60 }),
      (history) => {
        const ledger = answered();
        for (const input of [seat('operator-a'), seat('operator-b', ben), sits('operator-a')])
          ledger.take(input);
        for (const [waitMs, input] of history) {
          const before = lineOf(ledger.call!);
          ledger.nowMs += waitMs;
          ledger.take(input === 'ring' ? { type: 'clock', liveness: inTouch(ledger) } : input);
          const after = lineOf(ledger.call!);
          // From one person's hands to another's only by way of the agent's.
          if (before !== null && after !== null) expect(after.by).toBe(before.by);
          if (after !== null) held++;
        }
        const ids = (type: string) =>
          ledger.events.flatMap((event) =>
            'orderId' in event && event.type === type ? [event.orderId] : [],
          );
        expect(new Set(ids('orderGiven')).size).toBe(ids('orderGiven').length);
        expect(new Set(ids('orderFollowed')).size).toBe(ids('orderFollowed').length);
        for (const id of ids('orderFollowed')) expect(ids('orderGiven')).toContain(id);
        const call = ledger.call!;
        const { line, pending, seats } = supervisionOf(call);
        if (line !== null) {
          const theirs = seats.find((each) => each.identity === line.identity);
          expect(theirs).toMatchObject({ seat: 'operator', by: line.by });
          expect(theirs).not.toHaveProperty('withdrawn');
        }
        if (call.end !== null) {
          expect({ line, pending }).toEqual({ line: null, pending: [] });
          expect(seats.every((each) => each.leftAtMs !== null)).toBe(true);
        } else {
          // Left to its clock nothing waits for ever.
          for (let rings = 0; ledger.call!.end === null && rings < 80; rings++) {
            const next = deadlinesOf(ledger.call!, {
              agentLinkLostAtMs: null,
              lastSignAtMs: ledger.nowMs,
            })[0]!;
            ledger.nowMs = Math.max(ledger.nowMs, next.atMs);
            ledger.take({ type: 'clock', liveness: inTouch(ledger) });
          }
          expect(ledger.call!.end).not.toBeNull();
        }
        expect(JSON.stringify(foldCall(ledger.events))).toBe(JSON.stringify(ledger.call));
        for (const event of ledger.events)
          expect(CallEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
      },
    ),
    { numRuns: 1_500 },
  );
  expect(held).toBeGreaterThan(100);
});
