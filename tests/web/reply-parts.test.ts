import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barParts, measuredParts, slowestMs, type Turn } from '../../web/src/lib/call/reply-parts.ts';

const ms = fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: null });
const turn: fc.Arbitrary<Turn> = fc.record({
  turnId: fc.uuid(),
  endOfTurnMs: ms,
  sttMs: ms,
  llmMs: ms,
  ttsMs: ms,
  totalMs: fc.integer({ min: 0, max: 10_000 }),
});

test('the recogniser’s time is inside the wait for the end of the turn and drawn once', () => {
  const measured: Turn = { turnId: 't', endOfTurnMs: 330, sttMs: 290, llmMs: 40, ttsMs: 30, totalMs: 400 };
  expect(barParts(measured).map((part) => part.ms)).toEqual([40, 290, 40, 30]);
  expect(measuredParts(measured).map((part) => part.ms)).toEqual([330, 290, 40, 30]);
});

test('what was not measured is left out', () => {
  const partly: Turn = { turnId: 't', endOfTurnMs: null, sttMs: null, llmMs: 100, ttsMs: null, totalMs: 600 };
  expect(measuredParts(partly).map((part) => part.short)).toEqual(['llm']);
});

test('no bar is longer than a full one, and no part is negative', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 20 }), (turns) => {
      const full = slowestMs(turns);
      for (const each of turns) {
        const parts = barParts(each);
        for (const part of parts) expect(part.ms).toBeGreaterThan(0);
        expect(parts.reduce((sum, part) => sum + part.ms, 0)).toBeLessThanOrEqual(full);
      }
    }),
  );
});
