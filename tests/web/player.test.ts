import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallFact } from '../../domain/call/fact.ts';
import type { Recording } from '../../domain/call/recording.ts';
import { foundRows, nextFound, piecesOf, rowAt } from '../../web/src/lib/call/find.ts';
import { transcriptRows } from '../../web/src/lib/call/transcript.ts';
import { groupMarkers, markersOf } from '../../web/src/lib/player/markers.ts';
import { pastSilence, silencesOf, waveOf } from '../../web/src/lib/player/peaks.ts';
import { recordingLines } from '../../web/src/lib/player/recording-words.ts';
import {
  audibleFrom,
  placeText,
  readPlace,
  soundAt,
  soundsOf,
  spokenPlace,
} from '../../web/src/lib/player/soundtrack.ts';
import { ledger, measured, requested, T0, words } from './ledgers.ts';

const recording = (
  id: string,
  fromMs: number,
  durationMs: number,
  over: Partial<Recording> = {},
): Recording => ({
  recordingId: id,
  recorder: 'host',
  hostId: 'host-1',
  phase: 'stored',
  startedAtMs: T0 + fromMs,
  durationMs,
  bytes: 1_000,
  mediaType: 'audio/mpeg',
  reason: null,
  ...over,
});

describe('several recordings are one timeline', () => {
  test('gaps stay gaps, and only what is stored is heard', () => {
    const sounds = soundsOf(
      [
        recording('b', 20_000, 5_000),
        recording('a', 1_000, 9_000),
        recording('c', 30_000, 5_000, { phase: 'pending' }),
      ],
      T0,
    );
    expect(sounds.map(({ recordingId, fromMs, toMs }) => [recordingId, fromMs, toMs])).toEqual([
      ['a', 1_000, 10_000],
      ['b', 20_000, 25_000],
    ]);
    expect(audibleFrom(sounds, 0)).toBe(1_000);
    expect(audibleFrom(sounds, 12_000)).toBe(20_000);
    expect(audibleFrom(sounds, 40_000)).toBe(25_000);
    expect(soundAt(sounds, 25_000)).toBeNull();
  });

  test('however recordings overlap, no moment is heard twice and every recorded one once', () => {
    const span = fc.tuple(fc.nat(60_000), fc.integer({ min: 1, max: 30_000 }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
        const sounds = soundsOf(
          spans.map(([from, length], index) => recording(`r${index}`, from, length)),
          T0,
        );
        for (const [index, sound] of sounds.entries()) {
          expect(sound.fromMs).toBeGreaterThanOrEqual(sound.fileZeroMs);
          expect(sound.fromMs).toBeGreaterThanOrEqual(sounds[index - 1]?.toMs ?? 0);
        }
        for (const [from, length] of spans) {
          const middle = from + Math.floor(length / 2);
          expect(sounds.filter((sound) => middle >= sound.fromMs && middle < sound.toMs)).toHaveLength(1);
        }
      }),
    );
  });

  test('a place is whole seconds in the address, and nothing else is read as one', () => {
    expect(placeText(83_900)).toBe('83');
    expect(readPlace('83')).toBe(83_000);
    expect([null, '', '-1', 'x', '1e9', '99999999'].map(readPlace)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(spokenPlace(61_000)).toBe('1 minute 1 second');
  });
});

describe('peaks', () => {
  const [sound] = soundsOf([recording('a', 1_000, 6_000)], T0);
  const peaks = {
    perSecond: 10,
    customer: [...new Array<number>(20).fill(200), ...new Array<number>(40).fill(0)],
    agents: [...new Array<number>(50).fill(0), ...new Array<number>(10).fill(255)],
  };
  const drawn = { sound: sound!, peaks };

  test('each side stands where it was spoken, on the scale of the ribbon', () => {
    const span = { fromMs: 0, toMs: 10_000 };
    const customer = waveOf([drawn], 'customer', span, 10);
    const agents = waveOf([drawn], 'agents', span, 10);
    expect(customer.map((loud) => loud > 0)).toEqual([
      false,
      true,
      true,
      ...new Array<boolean>(7).fill(false),
    ]);
    expect(agents.map((loud) => loud > 0)).toEqual([
      ...new Array<boolean>(6).fill(false),
      true,
      false,
      false,
      false,
    ]);
  });

  test('a long silence is skipped but for its ends; a place with words is not moved', () => {
    const silences = silencesOf(drawn);
    expect(silences).toEqual([{ fromMs: 3_300, toMs: 5_700 }]);
    expect(pastSilence(silences, 4_000)).toBe(5_700);
    expect(pastSilence(silences, 2_000)).toBe(2_000);
    expect(pastSilence(silences, 5_700)).toBe(5_700);
  });
});

test('tools, slow replies and what supervisors did are marked; what lies too near is one place', () => {
  const events = ledger([
    requested,
    { type: 'toolUsed', tool: 'book', succeeded: true, durationMs: 80 },
    measured('t1', 500),
    measured('t2', 520),
    measured('t3', 2_400),
    { type: 'orderGiven', orderId: 'o', order: { kind: 'say', text: 'hello' }, by: 'user:a', byName: 'Ada' },
  ]);
  const markers = markersOf(events, T0);
  expect(markers.map(({ kind, atMs }) => [kind, atMs])).toEqual([
    ['tool', 1_000],
    ['slow', 4_000],
    ['person', 5_000],
  ]);
  expect(markers[1]?.words).toBe('Reply after 2.4 s');
  const groups = groupMarkers(markers, 2_000);
  expect(groups.map(({ kind, markers: inside }) => [kind, inside.length])).toEqual([
    ['tool', 1],
    ['person', 2],
  ]);
});

describe('how the sound stands, in words', () => {
  const linesOf = (...facts: CallFact[]) =>
    recordingLines(foldCall(ledger([requested, ...facts]))!).map(({ words: text }) => text);
  const began: CallFact = {
    type: 'recordingBegun',
    recordingId: 'r',
    recorder: 'host',
    hostId: 'h',
    startedAtMs: T0 + 2_000,
  };

  test('from being recorded to stored, and why not', () => {
    expect(linesOf(began)).toEqual(['Being recorded.']);
    expect(linesOf(began, { type: 'recordingPaused', recordingId: 'r' })[0]).toMatch(/paused/);
    const over: CallFact = { type: 'recordingEnded', recordingId: 'r', durationMs: 9 };
    expect(linesOf(began, over)).toEqual(['Recording from 0:02 pending: it is being stored.']);
    expect(
      linesOf(began, { type: 'recordingFailed', recordingId: 'r', reason: 'the disk was full' }),
    ).toEqual(['Recording from 0:02 failed: the disk was full.']);
    const stored: CallFact = {
      type: 'recordingStored',
      recordingId: 'r',
      durationMs: 9,
      bytes: 1,
      mediaType: 'audio/mpeg',
    };
    expect(linesOf(began, over, stored)).toEqual([]);
    expect(linesOf()).toEqual(['Not being recorded.']);
  });
});

describe('finding words', () => {
  const events = ledger([
    requested,
    words('a', 'agent', T0 + 1_000, 'Welcome to the shop'),
    words('b', 'customer', T0 + 3_000, 'I want a SHOP and a shop'),
    words('c', 'agent', T0 + 5_000, 'Certainly'),
  ]);
  const rows = transcriptRows(foldCall(events)!.transcript, events);

  test('rows that hold them, round at the ends, whatever the letters’ size', () => {
    const found = foundRows(rows, ' shop ');
    expect(found).toEqual([0, 1]);
    expect(nextFound(found, null, 1)).toBe(0);
    expect(nextFound(found, 1, 1)).toBe(0);
    expect(nextFound(found, 0, -1)).toBe(1);
    expect(nextFound([], null, 1)).toBeNull();
    expect(foundRows(rows, '  ')).toEqual([]);
  });

  test('pieces make up the whole text, whatever is looked for', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 3 }), (text, query) => {
        expect(
          piecesOf(text, query)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
    expect(piecesOf('a SHOP', 'shop')).toEqual([
      { text: 'a ', found: false },
      { text: 'SHOP', found: true },
    ]);
  });

  test('the row being heard is the last that had begun', () => {
    expect([T0, T0 + 1_000, T0 + 4_999, T0 + 9_999].map((atMs) => rowAt(rows, atMs))).toEqual([-1, 0, 1, 2]);
  });
});
