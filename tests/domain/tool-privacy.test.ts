import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../domain/call/fact.ts';
import { maskJson } from '../../domain/privacy/mask-json.ts';
import { eventInSight } from '../../domain/privacy/sight.ts';
import type { Sight } from '../../domain/privacy/sight.ts';

const VIN = '1HGCM82633A004352';
const given = JSON.stringify({ vin: VIN, customerName: 'Quentin Zauberwald', phone: '+4915123456789' });
const gave = JSON.stringify({
  found: true,
  owner: { full_name: 'Quentin Zauberwald', mail: 'qz@zauberwald.example', file_name: 'cars.csv' },
  mobile: 4915123456789,
  year: 2019,
  doors: 4,
});
const used = {
  type: 'toolUsed',
  tool: 'look_up',
  succeeded: true,
  durationMs: 5,
  given,
  gave,
  seq: 9,
  atMs: 1,
} as const;
const seen = (sight: Sight): Extract<CallEvent, { type: 'toolUsed' }> =>
  eventInSight(used, sight) as Extract<CallEvent, { type: 'toolUsed' }>;

describe('PRIVACY-1 what tools were given and gave', () => {
  it('is clear to those who see people in clear', () => {
    expect(seen('clear')).toEqual(used);
  });

  it('has names as initials and no phone numbers for operators, who see words in clear', () => {
    const { given: in_, gave: out } = seen('initials');
    expect(JSON.parse(in_!)).toEqual({ vin: VIN, customerName: 'Q. Z.', phone: '••••89' });
    expect(JSON.parse(out!)).toMatchObject({
      owner: { full_name: 'Q. Z.', mail: 'qz@zauberwald.example', file_name: 'cars.csv' },
      mobile: '••••89',
      year: 2019,
    });
  });

  it('has nothing that identifies for those who see words masked', () => {
    const { given: in_, gave: out } = seen('masked');
    expect(in_! + out!).not.toMatch(/Quentin|Zauberwald|qz@|1HGCM|4352|12345/);
    expect(JSON.parse(out!)).toMatchObject({ found: true, doors: 4, year: '••••' });
  });

  it('answers are masked as words are', () => {
    const answer = {
      type: 'answerRecorded',
      question: 'phone',
      answer: `Ring 0151-2345 678 about ${VIN}`,
      seq: 1,
      atMs: 1,
    } as const;
    expect(eventInSight(answer, 'initials')).toEqual(answer);
    expect(eventInSight(answer, 'masked')).toMatchObject({ answer: 'Ring •••• about ••••' });
  });

  it('what was cut in the middle shows nothing to those who may not see all', () => {
    const cut = { ...used, given: given.slice(0, 60) };
    for (const sight of ['initials', 'masked'] as const)
      expect(eventInSight(cut, sight)).toMatchObject({ given: '"••••"' });
  });

  it('stays JSON, and masking again changes nothing, for any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, alsoWords) => {
        const once = maskJson(json, alsoWords);
        expect(() => JSON.parse(once) as unknown).not.toThrow();
        expect(maskJson(once, alsoWords)).toBe(once);
      }),
    );
  });
});
