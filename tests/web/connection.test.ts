import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeCodes, isFinalClose } from '../../protocol/refusal.ts';
import { backoffMs } from '../../web/src/lib/live/backoff.ts';
import { connectionWords } from '../../web/src/lib/live/connection-words.ts';
import {
  advance,
  ATTEMPTS_BEFORE_POLLING,
  connectionOf,
  isCurrent,
  newLink,
  reasonOfClose,
  shouldPoll,
  STALE_AFTER_MS,
  type Happening,
  type Link,
} from '../../web/src/lib/live/connection.ts';

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constant<Happening>({ type: 'synced' }),
  fc.constant<Happening>({ type: 'heard' }),
  fc.constant<Happening>({ type: 'lost' }),
  fc.constant<Happening>({ type: 'polled' }),
  fc.constant<Happening>({ type: 'closedForGood', reason: 'forbidden' }),
);
const history = fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 20_000 })), { maxLength: 40 });

function run(steps: readonly (readonly [Happening, number])[]): {
  link: Link;
  nowMs: number;
  before: Link[];
} {
  let nowMs = 1_000;
  let link = newLink(nowMs);
  const before: Link[] = [];
  for (const [step, waitMs] of steps) {
    nowMs += waitMs;
    before.push(link);
    link = advance(link, step, nowMs);
  }
  return { link, nowMs, before };
}

const lost = (times: number): [Happening, number][] =>
  Array.from({ length: times }, () => [{ type: 'lost' }, 100]);

test('a fresh page says that it is connecting, never that it is live', () => {
  expect(connectionOf(newLink(0), 4_200)).toEqual({ kind: 'connecting', forS: 4 });
  expect(isCurrent(connectionOf(newLink(0), 0))).toBe(false);
});

test('a lost connection counts seconds, then is stale since the last moment it was current', () => {
  const { link, nowMs } = run([
    [{ type: 'synced' }, 0],
    [{ type: 'lost' }, 5_000],
  ]);
  expect(connectionOf(link, nowMs + 3_400)).toEqual({ kind: 'reconnecting', forS: 3 });
  expect(connectionOf(link, nowMs + STALE_AFTER_MS + 1)).toEqual({ kind: 'stale', sinceMs: nowMs });
});

test('after five failed attempts the page polls, and says so', () => {
  const start: [Happening, number][] = [[{ type: 'synced' }, 0], ...lost(1)];
  expect(shouldPoll(run([...start, ...lost(ATTEMPTS_BEFORE_POLLING - 1)]).link)).toBe(false);
  expect(shouldPoll(run([...start, ...lost(ATTEMPTS_BEFORE_POLLING)]).link)).toBe(true);
  const polling = run([...start, ...lost(ATTEMPTS_BEFORE_POLLING), [{ type: 'polled' }, 50]]);
  expect(connectionOf(polling.link, polling.nowMs).kind).toBe('polling');
});

test('a first connection that never comes polls too', () => {
  expect(shouldPoll(run(lost(ATTEMPTS_BEFORE_POLLING)).link)).toBe(true);
});

test('polls that stop succeeding make the data stale', () => {
  const { link, nowMs } = run([...lost(ATTEMPTS_BEFORE_POLLING), [{ type: 'polled' }, 50]]);
  expect(connectionOf(link, nowMs + STALE_AFTER_MS + 1)).toEqual({ kind: 'stale', sinceMs: nowMs });
});

test('a poll that was under way when the socket came back changes nothing', () => {
  const { link } = run([...lost(6), [{ type: 'synced' }, 10], [{ type: 'polled' }, 10]]);
  expect(link.phase).toBe('live');
});

test('whatever happens, a final refusal stays final', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { link, before } = run(steps);
      const states = [...before, link];
      const end = states.findIndex((state) => state.phase === 'final');
      if (end !== -1) for (const state of states.slice(end)) expect(state).toBe(states[end]);
    }),
  );
});

test('whatever happens, only a link that has just brought data is current', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 60_000 }), (steps, laterMs) => {
      const { link, nowMs } = run(steps);
      const connection = connectionOf(link, nowMs + laterMs);
      if (connection.kind === 'live') expect(link.phase).toBe('live');
      if (connection.kind === 'polling')
        expect(nowMs + laterMs - (link.currentAtMs ?? 0)).toBeLessThanOrEqual(STALE_AFTER_MS);
      if (connection.kind === 'stale') expect(connection.sinceMs).toBeLessThanOrEqual(nowMs);
      expect(connectionWords(connection).label).not.toBe('');
    }),
  );
});

test('whatever happens, a page never polls while its socket is live or refused', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const { link } = run(steps);
      if (link.phase === 'live' || link.phase === 'final') expect(shouldPoll(link)).toBe(false);
    }),
  );
});

test('every final close code has a reason, and an old protocol asks for a reload', () => {
  for (const code of Object.values(closeCodes).filter(isFinalClose)) expect(reasonOfClose(code)).toBeTruthy();
  expect(reasonOfClose(closeCodes.protocolUnsupported)).toBe('reload');
  expect(reasonOfClose(closeCodes.unauthenticated)).toBe('unauthenticated');
});

test('the back-off is jittered, grows, and never exceeds eight seconds', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const ms = backoffMs(attempt, random);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(8_000);
      expect(backoffMs(attempt + 1, random)).toBeGreaterThanOrEqual(ms);
    }),
  );
});
