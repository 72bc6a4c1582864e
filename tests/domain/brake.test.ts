import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mustBrake } from '../../domain/campaign/brake.ts';
import type { Outcome } from '../../domain/call/fact.ts';

const dials = (found: number, lost: number, lostAs: Outcome = 'abandoned') => [
  ...Array.from({ length: found }, () => ({ outcome: 'completed' as const })),
  ...Array.from({ length: lost }, () => ({ outcome: lostAs })),
];

test('CAMP-4 a campaign pauses itself when more than 3 % of those who answered found nobody, not before twenty did', () => {
  expect(mustBrake(dials(0, 19))).toBe(false);
  expect(mustBrake(dials(19, 1))).toBe(true);
  expect(mustBrake(dials(97, 3))).toBe(false);
  expect(mustBrake(dials(96, 4))).toBe(true);
  for (const outcome of ['abandoned', 'noAgent', 'agentFailed'] as const)
    expect(mustBrake(dials(20, 5, outcome))).toBe(true);
  for (const outcome of ['customerHungUp', 'voicemail', 'timeLimit'] as const)
    expect(mustBrake(dials(20, 5, outcome))).toBe(false);
});

test('CAMP-4 one more who found somebody never pulls the brake', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), (found, lost) => {
      if (found + lost >= 20 && !mustBrake(dials(found, lost)))
        expect(mustBrake(dials(found + 1, lost))).toBe(false);
    }),
  );
});
