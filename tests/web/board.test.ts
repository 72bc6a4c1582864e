import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallSummary } from '../../domain/call/summary.ts';
import type { BoardDown } from '../../protocol/board.ts';
import {
  arrangeRows,
  noRows,
  readFilter,
  sections,
  shownSections,
  type BoardRows,
} from '../../web/src/lib/board/board-rows.ts';
import { takeBoardMessage, type BoardState } from '../../web/src/lib/board/board-state.ts';
import { boardStats, statParts } from '../../web/src/lib/board/board-stats.ts';
import { NeedsVoice } from '../../web/src/lib/board/needs-voice.ts';
import { summary } from './summaries.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const seats = { hosts: 1, seats: 4, taken: 3 };
const snapshot = (version: number, calls: CallSummary[]): BoardDown => ({
  type: 'snapshot',
  protocol: PROTOCOL_VERSION,
  version,
  serverNowMs: 5_000,
  seats,
  calls,
  campaigns: [],
});
const delta = (version: number, calls: CallSummary[], removed: string[] = []): BoardDown => ({
  type: 'delta',
  version,
  serverNowMs: 6_000,
  seats,
  calls,
  removed,
  campaigns: [],
});
function boardAfter(...messages: BoardDown[]): BoardState {
  let board: BoardState | null = null;
  for (const message of messages) {
    const taken = takeBoardMessage(board, message, 5_000);
    if (taken.verdict === 'gap') throw new Error('a gap');
    board = taken.board;
  }
  return board as BoardState;
}
const idsOf = (rows: BoardRows): string[] =>
  sections.flatMap((section) => rows[section].map((row) => row.callId));

test('deltas change, add and remove rows', () => {
  const board = boardAfter(
    snapshot(7, [summary({ callId: 'a' }), summary({ callId: 'b' })]),
    delta(8, [summary({ callId: 'a', head: 6, utterances: 3 }), summary({ callId: 'c' })]),
    delta(9, [], ['b']),
  );
  expect([...board.calls.keys()]).toEqual(['a', 'c']);
  expect(board.calls.get('a')?.utterances).toBe(3);
  expect(board.clockOffsetMs).toBe(1_000);
});

test('a missing delta, or one before any snapshot, is a gap; a repeated one changes nothing', () => {
  const board = boardAfter(snapshot(7, []));
  expect(takeBoardMessage(board, delta(9, []), 0).verdict).toBe('gap');
  expect(takeBoardMessage(null, delta(1, []), 0).verdict).toBe('gap');
  expect(takeBoardMessage(board, delta(7, [summary()]), 0)).toEqual({ verdict: 'taken', board });
});

test('an older row never replaces a newer one', () => {
  const board = boardAfter(
    snapshot(1, [summary({ head: 9, utterances: 4 })]),
    delta(2, [summary({ head: 8 })]),
  );
  expect(board.calls.get('call-1')?.utterances).toBe(4);
});

const call: fc.Arbitrary<CallSummary> = fc
  .record({
    callId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    requestedAtMs: fc.nat(100),
    ended: fc.boolean(),
    needs: fc.boolean(),
  })
  .map(({ callId, requestedAtMs, ended, needs }) =>
    summary({
      callId,
      requestedAtMs,
      phase: ended ? 'ended' : 'inProgress',
      endedAtMs: ended ? requestedAtMs + 50 : null,
      attention: needs && !ended ? { reason: 'asked', sinceMs: requestedAtMs + 5 } : null,
    }),
  );
const calls = fc.array(call, { maxLength: 7 }).map((list) => new Map(list.map((one) => [one.callId, one])));

test('while held no row moves, ends up elsewhere or disappears; new ones come behind', () => {
  fc.assert(
    fc.property(calls, fc.array(calls, { maxLength: 6 }), (first, later) => {
      let rows = arrangeRows(noRows, first, false);
      for (const next of later) {
        const before = rows;
        rows = arrangeRows(rows, next, true);
        for (const section of sections) {
          expect(rows[section].slice(0, before[section].length).map((row) => row.callId)).toEqual(
            before[section].map((row) => row.callId),
          );
        }
        expect(new Set(idsOf(rows)).size).toBe(idsOf(rows).length);
        for (const id of next.keys()) expect(idsOf(rows)).toContain(id);
      }
    }),
  );
});

test('when let go the rows are exactly the calls, each in its section, in an order that depends on nothing else', () => {
  fc.assert(
    fc.property(calls, calls, (earlier, now) => {
      const released = arrangeRows(arrangeRows(noRows, earlier, false), now, false);
      expect(released).toEqual(arrangeRows(noRows, new Map([...now].reverse()), false));
      expect(idsOf(released).sort()).toEqual([...now.keys()].sort());
    }),
  );
});

test('the longest wait comes first, calls keep the order they came in, the last one ended is on top', () => {
  const rows = arrangeRows(
    noRows,
    new Map(
      [
        summary({ callId: 'new', requestedAtMs: 9 }),
        summary({ callId: 'old', requestedAtMs: 1 }),
        summary({ callId: 'asked-late', attention: { reason: '', sinceMs: 8 } }),
        summary({ callId: 'asked-first', attention: { reason: '', sinceMs: 3 } }),
        summary({ callId: 'ended-first', phase: 'ended', endedAtMs: 4 }),
        summary({ callId: 'ended-last', phase: 'ended', endedAtMs: 6 }),
      ].map((one) => [one.callId, one]),
    ),
    false,
  );
  expect(idsOf(rows)).toEqual(['asked-first', 'asked-late', 'old', 'new', 'ended-last', 'ended-first']);
});

test('the stat sentence says what the board holds', () => {
  const board = boardAfter(
    snapshot(1, [
      summary({ callId: 'a', latencyMs: 520 }),
      summary({ callId: 'b', latencyMs: 640, attention: { reason: 'asked', sinceMs: 0 } }),
      summary({ callId: 'c', latencyMs: 900 }),
      summary({ callId: 'd', phase: 'connecting' }),
      summary({ callId: 'e', phase: 'ended', endedAtMs: 5, latencyMs: 9_000 }),
    ]),
  );
  expect(
    statParts(boardStats(board))
      .map((part) => part.text)
      .join(' · '),
  ).toBe('3 calls in progress · 1 connecting · 1 needs someone · median reply 0.6 s · 3 of 4 seats taken');
});

test('without an agent host the sentence says so', () => {
  const board = { ...boardAfter(snapshot(1, [])), seats: { hosts: 0, seats: 0, taken: 0 } };
  expect(statParts(boardStats(board)).map((part) => part.text)).toEqual([
    '0 calls in progress',
    'no agent host is connected',
  ]);
});

test('the address holds the filter, and an unknown one shows all', () => {
  expect(shownSections(readFilter('needs'))).toEqual(['needs']);
  expect(shownSections(readFilter('live'))).toEqual(['needs', 'live']);
  expect(readFilter('whatever')).toBe('all');
  expect(readFilter(null)).toBe('all');
});

const need = (weight: number, sinceMs: number) =>
  [{ kind: 'anger', reason: `weighs ${weight}`, weight, sinceMs }] as const;

test('calls that need somebody stand by weight, then by how long they wait', () => {
  const calls = new Map(
    [
      summary({ callId: 'slow', needs: need(40, 1) }),
      summary({ callId: 'late', needs: need(70, 900) }),
      summary({ callId: 'early', needs: need(70, 100) }),
      summary({ callId: 'asked', attention: { reason: 'asked for a person', sinceMs: 5_000 } }),
      summary({ callId: 'fine' }),
    ].map((each) => [each.callId, each]),
  );
  const rows = arrangeRows(noRows, calls, false);
  expect(rows.needs.map(({ callId }) => callId)).toEqual(['asked', 'early', 'late', 'slow']);
  expect(rows.live.map(({ callId }) => callId)).toEqual(['fine']);
});

test('who newly needs somebody is said once; those there at first are no news', () => {
  const voice = new NeedsVoice();
  const angry = summary({ callId: 'a', contactName: 'Ana Lima', needs: need(70, 1) });
  expect(voice.news([angry])).toBeNull();
  const second = summary({ callId: 'b', contactName: 'Bo', needs: need(70, 1) });
  expect(voice.news([angry, second])).toBe('Bo: weighs 70.');
  expect(voice.news([angry, second])).toBeNull();
  const many = ['c', 'd', 'e'].map((callId) => summary({ callId, needs: need(70, 1) }));
  expect(voice.news([...many])).toBe('3 more calls need somebody.');
});
