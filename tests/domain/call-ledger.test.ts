import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallInput, Liveness } from '../../domain/call/input.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { OwedEffect } from '../../domain/call/effects.ts';
import { applyCallEvent, foldCall } from '../../domain/call/apply.ts';
import { deadlinesOf, LATE_WORDS_MS } from '../../domain/call/deadlines.ts';
import { effectsOwed } from '../../domain/call/effects.ts';
import { customerPresent, presentAgent } from '../../domain/call/state.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { hello, Ledger, requestCall, said, START_MS } from './ledger.ts';

const participant = fc.record({
  identity: fc.constant('customer-c1'),
  connection: fc.constantFrom('PA_1', 'PA_2', 'PA_3'),
});

/** Any input in any order, with any delay before it: what a hostile network could make of a call. */
const anyInput = fc.oneof(
  fc.record({
    type: fc.constant('agentChosen' as const),
    hostId: fc.constantFrom('h1', 'h2'),
    agentName: fc.constant('a'),
  }),
  fc.record({ type: fc.constant('dispatchFailed' as const), offer: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    type: fc.constant('agentHello' as const),
    offer: fc.integer({ min: 0, max: 5 }),
    session: fc.constantFrom('s1', 's2', 's3'),
    hostId: fc.constantFrom('h1', 'h2'),
    identity: fc.constant('agent-x'),
    agentClockMs: fc.integer({ min: START_MS - 9_000_000, max: START_MS + 9_000_000 }),
  }),
  fc.record({
    type: fc.constant('observe' as const),
    session: fc.constantFrom('s1', 's2', 's3', 'nobody'),
    observation: fc.oneof(
      fc
        .tuple(fc.uuid(), fc.integer({ min: START_MS - 100_000, max: START_MS + 900_000 }))
        .map(([id, at]) => said(id, at)),
      fc.record({ type: fc.constant('humanRequested' as const), reason: fc.constant('asked') }),
      fc.record({
        type: fc.constant('sessionEnding' as const),
        by: fc.constantFrom('customer', 'agent', 'error', 'drain'),
        reason: fc.constant('over'),
      }),
    ),
  }),
  fc.record({ type: fc.constant('customerSeen' as const), participant }),
  fc.record({ type: fc.constant('customerGone' as const), participant }),
  fc.constant({ type: 'roomFinished' as const }),
  fc.record({ type: fc.constant('roomListed' as const), customers: fc.array(participant, { maxLength: 1 }) }),
  fc.record({ type: fc.constant('hangUp' as const), by: fc.constant('u1') }),
  fc
    .record({
      lostForMs: fc.option(fc.integer({ min: 0, max: 20_000 })),
      signBeforeMs: fc.integer({ min: 0, max: 200_000 }),
    })
    .map((link) => ({ type: 'clock' as const, link })),
);

const anyHistory = fc.array(fc.tuple(fc.integer({ min: 0, max: 15_000 }), anyInput), { maxLength: 60 });

function play(
  history: readonly (readonly [number, typeof anyInput extends fc.Arbitrary<infer T> ? T : never])[],
): Ledger {
  const ledger = new Ledger();
  ledger.take(requestCall);
  for (const [waitMs, input] of history) {
    ledger.nowMs += waitMs;
    ledger.take(
      input.type === 'clock'
        ? { type: 'clock', liveness: livenessOf(ledger.nowMs, input.link) }
        : (input as CallInput),
    );
  }
  return ledger;
}

const livenessOf = (nowMs: number, link: { lostForMs: number | null; signBeforeMs: number }): Liveness => ({
  agentLinkLostAtMs: link.lostForMs === null ? null : nowMs - link.lostForMs,
  lastSignAtMs: nowMs - link.signBeforeMs,
});

describe('whatever happens to a call', () => {
  test('LEDGER-3 it ends at most once, and nothing but late words and measures follows the end', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { events } = play(history);
        const end = events.findIndex((event) => event.type === 'callEnded');
        if (end === -1) return;
        const after = events.slice(end + 1).map((event) => event.type);
        expect(
          after.filter((type) => !['wordsSpoken', 'turnMeasured', 'usageReported'].includes(type)),
        ).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('LEDGER-3 left to its clock, every call ends', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const ledger = play(history);
        const liveness: Liveness = { agentLinkLostAtMs: ledger.nowMs, lastSignAtMs: ledger.nowMs };
        for (let rings = 0; ledger.call!.end === null && rings < 50; rings++) {
          const next = deadlinesOf(ledger.call!, liveness)[0];
          expect(next).toBeDefined();
          ledger.nowMs = Math.max(ledger.nowMs, next!.atMs);
          ledger.take({ type: 'clock', liveness });
        }
        expect(ledger.call!.end).not.toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  test('LEDGER-7 folding the ledger again gives the very same state and owes the very same effects', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const ledger = play(history);
        expect(JSON.stringify(foldCall(ledger.events))).toBe(JSON.stringify(ledger.call));
        let state: CallState | null = null;
        const owed: OwedEffect[] = [];
        for (const event of ledger.events) {
          const after = applyCallEvent(state, event);
          owed.push(...effectsOwed(state, event, after));
          state = after;
        }
        expect(owed).toEqual(ledger.owed);
      }),
      { numRuns: 500 },
    );
  });

  test('every event travels: the protocol’s schema takes all that decide writes', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        for (const event of play(history).events) {
          expect(CallEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('DISPATCH-3 two agents never serve a call at once, and no offer is made twice', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { events, call } = play(history);
        expect(call!.agents.filter((seat) => seat.leftAtMs === null).length).toBeLessThanOrEqual(1);
        const offers = events.flatMap((event) => (event.type === 'agentOffered' ? [event.offer] : []));
        expect(new Set(offers).size).toBe(offers.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test('EFFECT-1 no effect is owed under one key twice, and every seat taken is given back by the end', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const ledger = play(history);
        const keys = ledger.owed.map((each) => each.key);
        expect(new Set(keys).size).toBe(keys.length);
        const releasesAll = ledger.owed.filter(
          ({ effect }) => effect.type === 'releaseSeat' && effect.hostId === null,
        );
        expect(releasesAll.length).toBeGreaterThanOrEqual(ledger.call!.end === null ? 0 : 1);
      }),
      { numRuns: 2_000 },
    );
  });

  test('LEDGER-10 the transcript is in speaking order, whatever the agent’s clock says, and never from the future', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { call, nowMs } = play(history);
        const starts = call!.transcript.map((each) => each.startedAtMs);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        for (const each of call!.transcript) {
          expect(each.startedAtMs).toBeGreaterThanOrEqual(call!.requestedAtMs);
          expect(each.endedAtMs).toBeLessThanOrEqual(nowMs);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('one call', () => {
  function inProgress(): Ledger {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    ledger.take(hello(1, 's1', ledger.nowMs));
    ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
    return ledger;
  }

  test('is in progress once both sides are there', () => {
    const ledger = inProgress();
    expect(ledger.call).toMatchObject({ phase: 'inProgress', answeredAtMs: START_MS });
    expect(presentAgent(ledger.call!)?.session).toBe('s1');
    expect(customerPresent(ledger.call!)).toBe(true);
  });

  test('LEDGER-3 words spoken before the end find their place; words begun long after it are refused', () => {
    const ledger = inProgress();
    ledger.nowMs += 10_000;
    ledger.take({ type: 'observe', session: 's1', observation: said('second', ledger.nowMs - 1_000) });
    ledger.take({ type: 'hangUp', by: 'u1' });
    ledger.nowMs += 1_000;
    expect(
      ledger.take({ type: 'observe', session: 's1', observation: said('first', START_MS + 2_000) }),
    ).toBe('ok');
    expect(ledger.call!.transcript.map((each) => each.utteranceId)).toEqual(['first', 'second']);
    ledger.nowMs += LATE_WORDS_MS + 60_000;
    expect(ledger.take({ type: 'observe', session: 's1', observation: said('late', ledger.nowMs) })).toBe(
      'spoken_after_end',
    );
  });

  test('LEDGER-3 a "left" that outruns its "joined" still counts', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'customerGone', participant: { identity: 'customer-c1', connection: 'PA_1' } });
    ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
    expect(customerPresent(ledger.call!)).toBe(false);
    ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_2' } });
    expect(customerPresent(ledger.call!)).toBe(true);
  });

  test('LEDGER-4 a customer whose leaving no webhook told is found gone by the room’s own list', () => {
    const ledger = inProgress();
    ledger.nowMs += 20_000;
    ledger.take({ type: 'roomListed', customers: [] });
    expect(customerPresent(ledger.call!)).toBe(false);
    ledger.nowMs += 3_000;
    ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
    expect(ledger.call!.end).toMatchObject({ outcome: 'customerHungUp' });
  });

  test('DISPATCH-2 an offer nobody opens goes elsewhere, the host that missed it asked last', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'agentChosen', hostId: 'ghost', agentName: 'ghost' });
    ledger.nowMs += 12_000;
    ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
    expect(ledger.events.at(-1)).toMatchObject({ type: 'offerExpired', offer: 1, reason: 'notOpened' });
    expect(ledger.owed.at(-1)?.effect).toEqual({ type: 'chooseAgent' });
    expect(ledger.call!.hostsTried).toEqual(['ghost']);
    expect(ledger.owed.at(-2)?.effect).toEqual({ type: 'releaseSeat', hostId: 'ghost' });
  });

  test('DISPATCH-4 after three offers that nobody opened the call ends as noAgent', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    for (let offer = 1; offer <= 3; offer++) {
      ledger.take({ type: 'agentChosen', hostId: `ghost-${offer}`, agentName: 'ghost' });
      ledger.nowMs += 12_000;
      ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
    }
    expect(ledger.call!.end).toMatchObject({ outcome: 'noAgent', endedBy: 'system' });
  });

  test('DISPATCH-8 someone who waits is promised a call back and told so, then the call ends', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
    const ring = (): string =>
      ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
    ledger.nowMs += 20_000;
    ring();
    expect(ledger.events.at(-1)).toMatchObject({ type: 'callBackPromised' });
    expect(ledger.owed.map((each) => each.effect.type)).toContain('apologise');
    expect(ledger.call!.end).toBeNull();
    ledger.nowMs += 15_000;
    ring();
    expect(ledger.call!.end).toMatchObject({ outcome: 'noAgent' });
    expect(ledger.call!.callBackPromisedAtMs).not.toBeNull();
  });

  test('DISPATCH-8 an agent who comes in during the farewell takes the call after all', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
    for (const waitMs of [12_000, 40_000]) {
      ledger.nowMs += waitMs;
      ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
    }
    expect(ledger.events.at(-1)).toMatchObject({ type: 'callBackPromised' });
    expect(ledger.take(hello(1, 's1', ledger.nowMs))).toBe('ok');
    expect(ledger.call).toMatchObject({ phase: 'inProgress', callBackPromisedAtMs: null });
  });

  test('DISPATCH-5 an agent lost in mid-call is replaced by one who knows what was said; the lost one is superseded', () => {
    const ledger = inProgress();
    ledger.take({ type: 'observe', session: 's1', observation: said('u1', ledger.nowMs) });
    ledger.nowMs += 10_000;
    ledger.take({
      type: 'clock',
      liveness: { agentLinkLostAtMs: ledger.nowMs - 4_000, lastSignAtMs: ledger.nowMs },
    });
    expect(ledger.events.at(-1)).toMatchObject({ type: 'agentLeft', session: 's1', reason: 'lost' });
    expect(ledger.owed.slice(-3).map((each) => each.effect.type)).toEqual([
      'removeParticipant',
      'releaseSeat',
      'chooseAgent',
    ]);
    ledger.take({ type: 'agentChosen', hostId: 'host-2', agentName: 'host-2' });
    expect(ledger.take(hello(2, 's2', ledger.nowMs))).toBe('ok');
    expect(ledger.take(hello(1, 's1', ledger.nowMs))).toBe('agent_superseded');
    expect(ledger.call!.transcript).toHaveLength(1);
  });

  test('DISPATCH-5 an agent lost while nobody was there is not missed: the customer’s own time decides', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    ledger.take(hello(1, 's1', ledger.nowMs));
    const ring = (lostForMs: number | null): string =>
      ledger.take({ type: 'clock', liveness: livenessOf(ledger.nowMs, { lostForMs, signBeforeMs: 0 }) });
    ledger.nowMs += 5_000;
    ring(4_000);
    expect(ledger.events.at(-1)).toMatchObject({ type: 'agentLeft' });
    ledger.nowMs += 30_000;
    ring(null);
    expect(ledger.call!.end).toBeNull();
    ledger.take({ type: 'customerSeen', participant: { identity: 'customer-c1', connection: 'PA_1' } });
    expect(ledger.owed.at(-1)?.effect.type).toBe('chooseAgent');
    ledger.nowMs += 19_000;
    ring(null);
    expect(ledger.call!.end).toBeNull();
  });

  test('DEADLINE-6 a call in which nobody says a word gives its seat back', () => {
    const ledger = inProgress();
    ledger.nowMs += 10_000;
    ledger.take({ type: 'observe', session: 's1', observation: said('u1', ledger.nowMs - 500) });
    const ring = (): string =>
      ledger.take({ type: 'clock', liveness: { agentLinkLostAtMs: null, lastSignAtMs: ledger.nowMs } });
    ledger.nowMs += 179_000;
    ring();
    expect(ledger.call!.end).toBeNull();
    ledger.nowMs += 1_000;
    ring();
    expect(ledger.call!.end).toMatchObject({ outcome: 'stale' });
  });

  test('LEDGER-10 an agent whose clock is an hour fast reports times on ours', () => {
    const ledger = new Ledger();
    ledger.take(requestCall);
    ledger.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    ledger.take(hello(1, 's1', ledger.nowMs + 3_600_000));
    ledger.nowMs += 5_000;
    ledger.take({ type: 'observe', session: 's1', observation: said('u1', START_MS + 3_600_000 + 1_000) });
    expect(ledger.call!.transcript[0]).toMatchObject({
      startedAtMs: START_MS + 1_000,
      endedAtMs: START_MS + 1_500,
    });
  });

  test('a supervisor who hangs up is named, and a second hang-up is refused', () => {
    const ledger = inProgress();
    expect(ledger.take({ type: 'hangUp', by: 'u1' })).toBe('ok');
    expect(ledger.events.slice(-2).map((event) => event.type)).toEqual(['hangUpRequested', 'callEnded']);
    expect(ledger.take({ type: 'hangUp', by: 'u2' })).toBe('call_ended');
  });
});
