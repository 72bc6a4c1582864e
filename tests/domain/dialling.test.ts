import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallInput, Liveness } from '../../domain/call/input.ts';
import { deadlinesOf, DIAL_START_MS, RING_GRACE_MS } from '../../domain/call/deadlines.ts';
import { dialFailures } from '../../domain/dial/order.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { presentAgent } from '../../domain/call/state.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { CUSTOMER, DialledCall, dialledRequest, NUMBER, RING_MS } from './dialled-call.ts';
import { hello, said } from './ledger.ts';

const human = { type: 'answeredBy', confidence: 0.8, method: 'length', afterMs: 1_200 } as const;

describe('ringing somebody', () => {
  test('DIAL-2 nobody is rung before an agent is there', () => {
    const call = new DialledCall();
    expect(call.owes('placeDial')).toBe(0);
    expect(call.take({ type: 'startDial' })).toBe('dial_not_due');
    call.agentComes();
    expect(call.owes('placeDial')).toBe(1);
    expect(call.take({ type: 'startDial' })).toBe('ok');
  });

  test('DIAL-2 an agent lost before the ringing is replaced, and nobody is rung until then', () => {
    const call = new DialledCall().agentComes();
    call.clock(10_000, { agentLinkLostAtMs: call.nowMs });
    expect(presentAgent(call.call!)).toBeNull();
    expect(call.take({ type: 'startDial' })).toBe('dial_not_due');
    expect(call.owes('chooseAgent')).toBe(2);
    call.agentComes();
    expect(call.owes('placeDial')).toBe(2);
    expect(call.take({ type: 'startDial' })).toBe('ok');
  });

  test('DIAL-2 without an agent the call ends as noAgent and nobody was rung', () => {
    const call = new DialledCall().clock(20_000);
    expect(call.call!.end).toMatchObject({ outcome: 'noAgent' });
    expect(call.call!.dial).toMatchObject({ startedAtMs: null });
    expect(call.owes('hangUpDial')).toBe(0);
    expect(call.owes('settleDial')).toBe(1);
  });

  test('DIAL-3 a number is rung once: a second start is refused, whatever happened in between', () => {
    const call = new DialledCall().agentComes().rings();
    expect(call.take({ type: 'startDial' })).toBe('dial_not_due');
    call.clock(5_000, { agentLinkLostAtMs: call.nowMs });
    call.agentComes();
    expect(call.take({ type: 'startDial' })).toBe('dial_not_due');
    expect(call.owes('placeDial')).toBe(1);
  });

  test('DIAL-3 who is there already is not rung', () => {
    const call = new DialledCall().answers().agentComes();
    expect(call.owes('placeDial')).toBe(0);
    expect(call.take({ type: 'startDial' })).toBe('dial_not_due');
  });

  test('DIAL-4 it rings as long as was asked for and the carrier’s own word may take', () => {
    const call = new DialledCall().agentComes().rings();
    call.clock(RING_MS + RING_GRACE_MS - 1);
    expect(call.call!.end).toBeNull();
    call.clock(1);
    expect(call.call!.end).toMatchObject({ outcome: 'noAnswer', endedBy: 'system' });
    expect(call.owes('hangUpDial')).toBe(1);
    expect(call.owes('settleDial')).toBe(1);
  });

  test('DIAL-4 a carrier that cannot be asked in 30 s has failed', () => {
    const call = new DialledCall().agentComes().clock(DIAL_START_MS);
    expect(call.call!.end).toMatchObject({ outcome: 'carrierFailed' });
    expect(call.owes('hangUpDial')).toBe(0);
  });

  test('DIAL-4 an agent lost while it rings gets a successor', () => {
    const call = new DialledCall().agentComes().rings();
    call.clock(4_000, { agentLinkLostAtMs: call.nowMs });
    expect(call.owes('chooseAgent')).toBe(2);
    call.agentComes().answers();
    expect(call.call).toMatchObject({ phase: 'inProgress' });
    expect(call.call!.agents).toHaveLength(2);
  });

  test.each(dialFailures)('DIAL-5 %s ends the call with that outcome, once', (failure) => {
    const call = new DialledCall().agentComes().rings();
    call.take({ type: 'dialFailed', failure, cause: '486' });
    call.take({ type: 'dialFailed', failure: 'carrierFailed', cause: '500' });
    expect(call.call!.end).toMatchObject({ outcome: failure, endedBy: 'system' });
    expect(call.call!.dial).toMatchObject({ failure, cause: '486' });
    expect(call.events.filter((event) => event.type === 'callEnded')).toHaveLength(1);
    expect(call.owes('settleDial')).toBe(1);
  });

  test('DIAL-3 what a carrier says late changes nothing for a customer who is there', () => {
    const call = new DialledCall().agentComes().rings().answers();
    const head = call.call!.head;
    call.take({ type: 'dialRinging' });
    call.take({ type: 'dialFailed', failure: 'noAnswer', cause: 'no-answer' });
    call.take({ type: 'dialPlaced', reference: 'CA2' });
    expect(call.call).toMatchObject({ head, phase: 'inProgress' });
  });

  test('a customer who hangs up before an agent is back was abandoned, not unanswered', () => {
    const call = new DialledCall().agentComes().rings();
    call.clock(4_000, { agentLinkLostAtMs: call.nowMs });
    call.answers();
    call.take({ type: 'customerGone', participant: CUSTOMER });
    call.clock(3_000);
    expect(call.call!.end).toMatchObject({ outcome: 'abandoned' });
  });
});

describe('who answered', () => {
  test('AMD-1 the first verdict counts', () => {
    const call = new DialledCall().agentComes().rings().answers();
    call.observes({ ...human, verdict: 'human' });
    call.observes({ ...human, verdict: 'machine' });
    expect(call.call!.answeredBy).toMatchObject({ verdict: 'human', method: 'length', confidence: 0.8 });
  });

  const endings: readonly [string, CallInput][] = [
    ['its agent', { type: 'observe', session: 's1', observation: ending('agent') }],
    ['the machine', { type: 'observe', session: 's1', observation: ending('customer') }],
    ['the room', { type: 'roomFinished' }],
    ['a supervisor', { type: 'hangUp', by: 'u1' }],
  ];
  test.each(endings)('AMD-1 a call that a machine took is a voicemail, ended by %s', (_by, input) => {
    const call = new DialledCall().agentComes().rings().answers();
    call.observes({ ...human, verdict: 'machine' });
    call.take(input);
    expect(call.call!.end).toMatchObject({ outcome: 'voicemail' });
  });

  test('AMD-1 a machine that never stops is a voicemail too', () => {
    const call = new DialledCall().agentComes().rings().answers();
    call.observes({ ...human, verdict: 'machine' });
    call.clock(180_000);
    expect(call.call!.end).toMatchObject({ outcome: 'voicemail' });
  });

  test('AMD-1 who is not sure has a person', () => {
    const call = new DialledCall().agentComes().rings().answers();
    call.observes({ ...human, verdict: 'unsure' });
    call.take({ type: 'observe', session: 's1', observation: ending('agent') });
    expect(call.call!.end).toMatchObject({ outcome: 'completed' });
  });
});

describe('what a customer wished', () => {
  test('DNC-3 a spoken do-not-call owes the suppression at once, and once', () => {
    const call = new DialledCall().agentComes().rings().answers();
    call.observes({ type: 'doNotCallRequested' });
    call.observes({ type: 'doNotCallRequested' });
    expect(call.owed.filter((each) => each.effect.type === 'suppress')).toMatchObject([
      { effect: { number: NUMBER } },
    ]);
  });

  test('DNC-3 heard of after the end it still suppresses, and what was settled is settled anew', () => {
    const call = new DialledCall().agentComes().rings().answers();
    call.take({ type: 'hangUp', by: 'u1' });
    expect(call.owes('settleDial')).toBe(1);
    call.observes({ type: 'doNotCallRequested' });
    const late = call.owed.slice(-5).map((each) => each.effect.type);
    expect(late).toEqual(['suppress', 'settleDial', 'project', 'archive', 'announce']);
  });

  test('DNC-3 a superseded agent’s news of the wish counts too', () => {
    const call = new DialledCall().agentComes().rings().answers();
    call.clock(4_000, { agentLinkLostAtMs: call.nowMs });
    call.agentComes();
    expect(call.take({ type: 'observe', session: 's1', observation: { type: 'doNotCallRequested' } })).toBe(
      'ok',
    );
    expect(call.call!.doNotCall).toBe(true);
  });

  test('DNC-3 a number that was withheld has nothing to be put on the list', () => {
    const call = new DialledCall();
    call.call = {
      ...call.call!,
      request: { ...dialledRequest, phone: { direction: 'inbound', number: null, line: null } },
    };
    call.agentComes().rings().answers();
    expect(call.observes({ type: 'doNotCallRequested' })).toBe('ok');
    expect(call.owes('suppress')).toBe(0);
  });

  test('a call back is asked for in time to come and within 90 days, on our clock', () => {
    const call = new DialledCall();
    call.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'host-1' });
    // Its clock is an hour behind.
    call.take(hello(1, 's1', call.nowMs - 3_600_000));
    call.rings().answers();
    call.observes({ type: 'callBackRequested', forAtMs: call.nowMs });
    expect(call.call!.callBackForAtMs).toBe(call.nowMs + 3_600_000);
    call.observes({ type: 'callBackRequested', forAtMs: 0 });
    expect(call.call!.callBackForAtMs).toBe(call.nowMs);
    call.observes({ type: 'callBackRequested', forAtMs: 9_000_000_000_000 });
    expect(call.call!.callBackForAtMs).toBe(call.nowMs + 90 * 86_400_000);
  });
});

/** Any input in any order, with any delay before it. */
const anyInput = fc.oneof(
  fc.constantFrom<CallInput>(
    { type: 'agentChosen', hostId: 'h1', agentName: 'a' },
    { type: 'startDial' },
    { type: 'dialPlaced', reference: 'CA1' },
    { type: 'dialRinging' },
    { type: 'dialFailed', failure: 'busy', cause: '486' },
    { type: 'customerSeen', participant: CUSTOMER },
    { type: 'customerGone', participant: CUSTOMER },
    { type: 'roomListed', customers: [] },
    { type: 'roomFinished' },
    { type: 'hangUp', by: 'u1' },
    { type: 'observe', session: 's1', observation: { type: 'doNotCallRequested' } },
    { type: 'observe', session: 's1', observation: { ...human, verdict: 'machine' } },
    { type: 'observe', session: 's1', observation: ending('error') },
    { type: 'observe', session: 's2', observation: ending('agent') },
  ),
  fc.record({
    type: fc.constant('hello' as const),
    offer: fc.integer({ min: 1, max: 4 }),
    session: fc.constantFrom('s1', 's2', 's3'),
  }),
  fc.record({ type: fc.constant('ring' as const), lostForMs: fc.option(fc.integer({ min: 0, max: 9_000 })) }),
);
const anyHistory = fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), anyInput), { maxLength: 50 });

test('DIAL-2 DIAL-3 DIAL-5 whatever happens, it rings at most once, never without an agent, and is settled once an end', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const call = new DialledCall();
      for (const [waitMs, input] of history) {
        call.nowMs += waitMs;
        const agent = presentAgent(call.call!);
        const ended = call.call!.end !== null;
        const customer = call.call!.customer;
        if (input.type === 'ring')
          call.clock(0, {
            agentLinkLostAtMs: input.lostForMs === null ? null : call.nowMs - input.lostForMs,
          });
        else if (input.type === 'hello') call.take(hello(input.offer, input.session, call.nowMs));
        else if (call.take(input) === 'ok' && input.type === 'startDial') {
          expect([agent === null, ended, customer]).toEqual([false, false, null]);
        }
      }
      const { events, owed } = call;
      const count = (type: string): number => events.filter((event) => event.type === type).length;
      expect(count('dialStarted')).toBeLessThanOrEqual(1);
      const late = events.findIndex((event) => event.type === 'callEnded');
      const settled = owed.filter((each) => each.effect.type === 'settleDial').length;
      if (late === -1) expect(settled).toBe(0);
      else {
        const wishes = events.slice(late + 1).filter((event) => event.type === 'doNotCallRequested').length;
        expect(settled).toBe(1 + wishes);
      }
      expect(owed.filter((each) => each.effect.type === 'hangUpDial')).toHaveLength(
        late === -1 ? 0 : count('dialStarted'),
      );
      expect(JSON.stringify(foldCall(events))).toBe(JSON.stringify(call.call));
      for (const event of events)
        expect(CallEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
    }),
    { numRuns: 1_500 },
  );
});

test('LEDGER-3 left to its clock, every dialled call ends', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const call = new DialledCall();
      for (const [waitMs, input] of history) {
        call.nowMs += waitMs;
        if (input.type === 'hello') call.take(hello(input.offer, input.session, call.nowMs));
        else if (input.type !== 'ring') call.take(input);
      }
      const liveness: Liveness = { agentLinkLostAtMs: call.nowMs, lastSignAtMs: call.nowMs };
      for (let rings = 0; call.call!.end === null && rings < 50; rings++) {
        const next = deadlinesOf(call.call!, liveness)[0];
        call.nowMs = Math.max(call.nowMs, next!.atMs);
        call.take({ type: 'clock', liveness });
      }
      expect(call.call!.end).not.toBeNull();
    }),
    { numRuns: 1_500 },
  );
});

test('words of a dialled call are words like any others', () => {
  const call = new DialledCall().agentComes().rings().answers();
  expect(call.observes(said('u1', call.nowMs))).toBe('ok');
});

function ending(by: 'customer' | 'agent' | 'error') {
  return { type: 'sessionEnding', by, reason: 'over' } as const;
}
