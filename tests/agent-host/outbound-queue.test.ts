import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation } from '../../domain/call/input.ts';
import { INTERIM_LIMIT, MAX_UNACKNOWLEDGED, OutboundQueue } from '../../agent-host/src/outbound-queue.ts';

const words = (n: number): Observation => ({
  type: 'wordsSpoken',
  utteranceId: `u${n}`,
  speaker: 'customer',
  text: `words ${n}`,
  startedAtMs: n,
  endedAtMs: n,
  interrupted: false,
});
const measured = (n: number): Observation => ({
  type: 'turnMeasured',
  turnId: `t${n}`,
  endOfTurnMs: null,
  sttMs: null,
  llmMs: null,
  ttsMs: null,
  totalMs: n,
});
const counter = (): (() => string) => {
  let n = 0;
  return () => `id${n++}`;
};

/** What can happen between the queue and the ledger, in any order. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ do: 'add' as const }) },
  { weight: 4, arbitrary: fc.constant({ do: 'send' as const }) },
  // Of what is on the wire so many arrive, and of their acknowledgements so many come back.
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), arrive: fc.nat(5), answer: fc.nat(5) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeatAck' as const), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'drop' as const }) },
);

test('LEDGER-1 whatever drops and repeats, all that was accepted arrives in order, and nothing acknowledged is sent again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const queue = new OutboundQueue(counter());
      const accepted: string[] = [];
      const arrived: string[] = [];
      const acknowledged = new Set<string>();
      let wire: string[] = [];
      let answers: string[] = [];
      const settle = (id: string): void => {
        queue.settle(id);
        acknowledged.add(id);
      };
      const send = (): void => {
        for (const { id } of queue.takeUnsent()) {
          expect(acknowledged.has(id)).toBe(false);
          wire.push(id);
        }
      };
      const drop = (): void => {
        wire = [];
        answers = [];
        queue.connectionLost();
      };
      const deliver = (arrive: number, answer: number): void => {
        const now = wire.splice(0, arrive);
        arrived.push(...now);
        answers.push(...now);
        for (const id of answers.splice(0, answer)) settle(id);
      };

      for (const each of steps) {
        if (each.do === 'add') accepted.push(queue.add(words(accepted.length)) ?? 'refused');
        else if (each.do === 'send') send();
        else if (each.do === 'deliver') deliver(each.arrive, each.answer);
        else if (each.do === 'drop') drop();
        else {
          const id = arrived[each.which];
          if (id !== undefined) settle(id);
        }
        expect(queue.owed).toBe(accepted.length - acknowledged.size);
      }
      // At last a connection that holds.
      drop();
      send();
      deliver(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);

      expect(queue.owed).toBe(0);
      const firstArrivals = [...new Set(arrived)];
      expect(firstArrivals).toEqual(accepted);
    }),
    { numRuns: 500 },
  );
});

test('a full queue refuses measurements, never what was said', () => {
  const queue = new OutboundQueue(counter());
  for (let n = 0; n < MAX_UNACKNOWLEDGED; n++) expect(queue.add(words(n))).not.toBeNull();
  expect(queue.add(measured(1))).toBeNull();
  expect(queue.refusedMeasurements).toBe(1);
  expect(queue.add(words(MAX_UNACKNOWLEDGED))).not.toBeNull();
  expect(queue.add({ type: 'sessionEnding', by: 'customer', reason: 'hung up' })).not.toBeNull();
});

test('a link that is behind has no room for interims', () => {
  const queue = new OutboundQueue(counter());
  for (let n = 0; n < INTERIM_LIMIT; n++) {
    expect(queue.hasRoomForInterims).toBe(true);
    queue.add(words(n));
  }
  expect(queue.hasRoomForInterims).toBe(false);
});
