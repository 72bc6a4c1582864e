import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Speaker } from '../../domain/call/fact.ts';
import { RIBBON_STRETCHES } from '../../domain/call/ribbon.ts';
import type { CallSummary, RibbonStretch } from '../../domain/call/summary.ts';
import {
  lanePath,
  LIVE_WINDOW_MS,
  ribbonLanes,
  ribbonWords,
  rowSpan,
} from '../../web/src/lib/call/ribbon.ts';
import { summary } from './summaries.ts';

const stretch: fc.Arbitrary<RibbonStretch> = fc
  .tuple(
    fc.constantFrom<Speaker>('agent', 'customer', 'operator'),
    fc.integer({ min: -500, max: 600_000 }),
    fc.nat(20_000),
  )
  .map(([speaker, fromMs, lengthMs]) => [speaker, fromMs, fromMs + lengthMs]);

test('bars stay within the ribbon, in order, apart, and wide enough to see', () => {
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 80 }),
      fc.nat(300_000),
      fc.integer({ min: 1, max: 600_000 }),
      (all, fromMs, ms) => {
        const lanes = ribbonLanes(all, { fromMs, toMs: fromMs + ms }, 180, 2);
        for (const lane of Object.values(lanes)) {
          let end = -Infinity;
          for (const bar of lane) {
            expect(bar.x).toBeGreaterThanOrEqual(0);
            expect(bar.x).toBeGreaterThanOrEqual(end);
            expect(bar.width).toBeGreaterThanOrEqual(2 - 1e-9);
            expect(bar.x + bar.width).toBeLessThanOrEqual(180 + 1e-9);
            end = bar.x + bar.width;
          }
        }
      },
    ),
  );
});

test('everything said within the span is drawn in its own lane', () => {
  const lanes = ribbonLanes(
    [
      ['agent', 0, 10_000],
      ['customer', 10_000, 20_000],
      ['operator', 90_000, 100_000],
      ['agent', 200_000, 210_000],
    ],
    { fromMs: 0, toMs: 100_000 },
    100,
    1,
  );
  expect(lanes).toEqual({
    agent: [{ x: 0, width: 10 }],
    customer: [{ x: 10, width: 10 }],
    operator: [{ x: 90, width: 10 }],
  });
});

test('a live row grows for two minutes and then moves', () => {
  const call: CallSummary = summary({ requestedAtMs: 0 });
  expect(rowSpan(call, 30_000)).toEqual({ fromMs: 0, toMs: LIVE_WINDOW_MS });
  expect(rowSpan(call, 300_000)).toEqual({ fromMs: 180_000, toMs: 300_000 });
});

test('an ended row shows the whole call, or from where its stretches are known', () => {
  const ended = { requestedAtMs: 0, endedAtMs: 400_000, phase: 'ended' } as const;
  expect(rowSpan(summary(ended), 0)).toEqual({ fromMs: 0, toMs: 400_000 });
  const ribbon = Array.from({ length: RIBBON_STRETCHES }, (_, i): RibbonStretch => [
    'agent',
    100_000 + i * 5_000,
    102_000 + i * 5_000,
  ]);
  expect(rowSpan(summary({ ...ended, ribbon }), 0)).toEqual({ fromMs: 100_000, toMs: 400_000 });
});

test('a lane is one path, and the ribbon can be read aloud', () => {
  expect(
    lanePath(
      [
        { x: 1, width: 2 },
        { x: 5, width: 3 },
      ],
      0,
      7,
    ),
  ).toBe('M1 0h2v7h-2zM5 0h3v7h-3z');
  expect(
    ribbonWords([
      ['agent', 0, 40_000],
      ['customer', 40_000, 62_000],
    ]),
  ).toBe('Speaking time: agent 40 seconds, customer 22 seconds');
  expect(ribbonWords([])).toBe('Nobody has spoken yet');
});
