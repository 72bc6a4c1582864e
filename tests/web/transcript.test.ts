import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import {
  isAtEnd,
  jumpLabel,
  onReaderScroll,
  startFollowing,
  unseenLines,
} from '../../web/src/lib/call/follow.ts';
import { timelineEntries } from '../../web/src/lib/call/timeline.ts';
import { interimRows, transcriptRows } from '../../web/src/lib/call/transcript.ts';
import { agentJoined, anyLedger, ledger, measured, requested, T0, words } from './ledgers.ts';

const rowsOf = (events: readonly CallEvent[]) => transcriptRows(foldCall(events)?.transcript ?? [], events);

test('every utterance is one row, with its ledger number, in speaking order', () => {
  fc.assert(
    fc.property(anyLedger, (events) => {
      const rows = rowsOf(events);
      const spoken = rows.filter((row) => row.kind === 'spoken');
      expect(spoken.map((row) => row.seq)).toEqual(foldCall(events)?.transcript.map((said) => said.seq));
      expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
    }),
  );
});

test('a speaker who goes on is named once, until a note or somebody else comes between', () => {
  const rows = rowsOf(
    ledger([
      requested,
      words('a1', 'agent', T0 + 1_000),
      words('a2', 'agent', T0 + 2_000),
      words('c1', 'customer', T0 + 3_000),
    ]),
  );
  expect(rows.map((row) => row.kind === 'spoken' && row.continues)).toEqual([false, true, false]);
});

test('asking for a person and losing an agent are said where they happened', () => {
  const rows = rowsOf(
    ledger([
      requested,
      agentJoined(1),
      words('c1', 'customer', T0 + 1_500),
      { type: 'humanRequested', reason: 'the price' },
      { type: 'agentLeft', session: 'session-1', reason: 'lost' },
      agentJoined(2),
      words('a1', 'agent', T0 + 6_000),
    ]),
  );
  expect(rows.map((row) => (row.kind === 'note' ? `${row.tone}: ${row.text}` : row.key))).toEqual([
    'c1',
    'attention: Asks for a person: the price',
    'attention: The agent was lost; another is being found',
    'quiet: Another agent carries on',
    'a1',
  ]);
});

test('words being spoken have no ledger number and go on from the last final', () => {
  const finals = rowsOf(ledger([requested, words('c1', 'customer', T0)]));
  const [row] = interimRows(
    [{ utteranceId: 'c2', speaker: 'customer', text: 'and', startedAtMs: T0 + 900 }],
    finals,
  );
  expect(row).toMatchObject({ key: 'c2', seq: null, continues: true });
});

test('the timeline accounts for every number of the ledger, in order and once', () => {
  fc.assert(
    fc.property(anyLedger, (events) => {
      const numbers = timelineEntries(events).flatMap((entry) =>
        Array.from({ length: entry.toSeq - entry.fromSeq + 1 }, (_, index) => entry.fromSeq + index),
      );
      expect(numbers).toEqual(events.map((event) => event.seq));
    }),
  );
});

test('the timeline counts what is routine and tells what is not', () => {
  const entries = timelineEntries(
    ledger([
      requested,
      { type: 'agentOffered', offer: 1, hostId: 'host-a7', agentName: 'a' },
      words('a1', 'agent', T0),
      words('c1', 'customer', T0),
      measured('t1'),
      { type: 'callEnded', outcome: 'customerHungUp', endedBy: 'customer', reason: '' },
    ]),
  );
  expect(entries.map((entry) => entry.words)).toEqual([
    'Call requested: auto-sales, lab, simulated',
    'Agent offered to host host-a7',
    '2 utterances, 1 reply measured',
    'Call ended by the customer: customer hung up',
  ]);
});

test('a reader who scrolls away is told how much is new, and one who returns follows again', () => {
  const away = onReaderScroll(startFollowing, false, 12);
  expect(unseenLines(away, 16)).toBe(4);
  expect(jumpLabel(unseenLines(away, 16))).toBe('Jump to live · 4 new');
  expect(onReaderScroll(away, false, 20)).toBe(away);
  expect(onReaderScroll(away, true, 20)).toEqual(startFollowing);
  expect(unseenLines(startFollowing, 20)).toBe(0);
  expect(jumpLabel(0)).toBe('Jump to live');
  expect(isAtEnd({ scrollTop: 960, clientHeight: 400, scrollHeight: 1_400 })).toBe(true);
  expect(isAtEnd({ scrollTop: 900, clientHeight: 400, scrollHeight: 1_400 })).toBe(false);
});
