import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { asWritten, guarded } from '../../domain/lead/spreadsheet.ts';
import { e164Of } from '../../worker/leads/phone.ts';

describe('IMPORT-3 numbers as people write them', () => {
  test.each([
    ['(212) 555-0100', 'US', '+12125550100'],
    ['1 212.555.0100', 'CA', '+12125550100'],
    ['+1-212-555-0100', 'DE', '+12125550100'],
    ['030 123456', 'DE', '+4930123456'],
    ['0049 30 123456', 'FR', '+4930123456'],
    ['+44 7911 123456', 'US', '+447911123456'],
    ['2125550100', 'XX', null],
    ['911', 'US', null],
    ['212 555 0100 ext 5', 'US', null],
    ['+1 999 555 0100', 'US', null],
    ['1.2E+10', 'US', null],
    ['٢١٢', 'US', null],
    ['tel:+12125550100', 'US', null],
    ['call me', 'US', null],
    ['1'.repeat(60), 'US', null],
  ])('%s in %s', (text, country, number) => expect(e164Of(text, country)).toBe(number));

  test('the short way through the plan of +1 says what the library says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }), (digits) => {
        const whole = `+1${digits}`;
        const library = parsePhoneNumberFromString(whole, { extract: false });
        expect(e164Of(whole, 'US')).toBe(library?.isValid() === true ? whole : null);
        // Another of the same six digits, now that they are known.
        const sibling = `+1${String(digits).slice(0, 6)}0199`;
        const same = parsePhoneNumberFromString(sibling, { extract: false });
        expect(e164Of(sibling, 'GB')).toBe(same?.isValid() === true ? sibling : null);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('IMPORT-6 cells survive a spreadsheet', () => {
  test('what is written guarded is read as it was, and never begins like a formula', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[=+\-@'a1("]{0,8}$/), (text) => {
        if (/^="[^"]*"$/.test(text)) return;
        expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/);
        expect(asWritten(guarded(asWritten(text)))).toBe(asWritten(text));
      }),
    );
    expect(asWritten(guarded('+12125550100'))).toBe('+12125550100');
    expect(asWritten('="00123"')).toBe('00123');
    expect(asWritten('=1+1')).toBe('=1+1');
    expect(asWritten(' a\u0000\r\nb\u2028 ')).toBe('a b');
  });
});
