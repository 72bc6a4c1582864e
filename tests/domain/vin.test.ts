import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBackCode, readBackEmail, readBackPhone, readBackVin } from '../../domain/speech/read-back.ts';
import { spelledRuns } from '../../domain/speech/spelled.ts';
import { wasReadBack, yearsAsSaid } from '../../domain/vehicle/confirmation.ts';
import { vinHeard } from '../../domain/vehicle/heard-vin.ts';
import { checkDigitOf, judgeVin } from '../../domain/vehicle/vin.ts';

/** The worked example of 49 CFR 565, and VINs in print. */
const ACCORD = '1HGCM82633A004352';
const PRINTED = ['1M8GDM9AXKP042788', ACCORD, '5YJSA1E27HF000337', '11111111111111111', 'JH4TB2H26CC000000'];
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const CHARACTERS = `${LETTERS}0123456789`;

/** Any that North America could give out. */
const americanVin = fc
  .tuple(
    fc.constantFrom('1', '2', '3', '4', '5'),
    fc.array(fc.constantFrom(...CHARACTERS), { minLength: 16, maxLength: 16 }),
  )
  .map(([first, rest]) => {
    const raw = first + rest.join('');
    return raw.slice(0, 8) + checkDigitOf(raw) + raw.slice(9);
  });

describe('VIN-1 17 characters, never I, O or Q', () => {
  test.each(PRINTED)('%s is one', (vin) => {
    expect(judgeVin(vin)).toMatchObject({ ok: true, vin: { vin, checkDigit: 'right' } });
  });
  test('another length, another character', () => {
    expect(judgeVin(ACCORD.slice(1))).toEqual({ ok: false, problem: 'length' });
    expect(judgeVin('')).toEqual({ ok: false, problem: 'length' });
    expect(judgeVin(ACCORD.replace('M', 'O'))).toEqual({ ok: false, problem: 'characters' });
    expect(judgeVin(ACCORD.toLowerCase())).toEqual({ ok: false, problem: 'characters' });
  });
});

describe('VIN-2 the check digit', () => {
  test('any one digit heard wrong shows in a North American VIN', () => {
    fc.assert(
      fc.property(americanVin, fc.nat({ max: 16 }), fc.constantFrom(...'0123456789'), (vin, at, digit) => {
        // Position 9 is no part of its own sum; the same remainder of letters is the known weakness, so digits only.
        fc.pre(at > 0 && at !== 8 && /\d/.test(vin[at]!) && vin[at] !== digit);
        const wrong = vin.slice(0, at) + digit + vin.slice(at + 1);
        const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
        fc.pre(((Number(digit) - Number(vin[at])) * weights[at]!) % 11 !== 0);
        expect(judgeVin(wrong)).toEqual({ ok: false, problem: 'checkDigit' });
      }),
    );
  });
  test('any North American VIN stands', () => {
    fc.assert(
      fc.property(americanVin, (vin) => {
        expect(judgeVin(vin)).toMatchObject({ ok: true });
      }),
    );
  });
  test('elsewhere none is demanded, and that is said', () => {
    expect(judgeVin('WVWZZZ1KZ6W000001')).toMatchObject({
      ok: true,
      vin: { checkDigit: 'notRequired', maker: 'Volkswagen', modelYear: null },
    });
    expect(judgeVin('1HGCM82623A004352')).toEqual({ ok: false, problem: 'checkDigit' });
    expect(judgeVin('7SAYGDEE0PF000001')).toEqual({ ok: false, problem: 'checkDigit' });
  });
});

describe('VIN-3 maker and model year', () => {
  test.each([
    [ACCORD, 'Honda', 2003],
    ['5YJSA1E27HF000337', 'Tesla', 2017],
    ['1M8GDM9AXKP042788', null, 1989],
  ])('%s: %s, %s', (vin, maker, modelYear) => {
    expect(judgeVin(vin)).toMatchObject({ vin: { maker, modelYear } });
  });
});

const NATO =
  'alpha bravo charlie delta echo foxtrot golf hotel juliet kilo lima mike november papa romeo sierra tango uniform victor whiskey x-ray yankee zulu'.split(
    ' ',
  );
const DIGITS = 'zero one two three four five six seven eight nine'.split(' ');
const nameOf = (character: string): string =>
  /\d/.test(character) ? DIGITS[Number(character)]! : NATO[LETTERS.indexOf(character)]!;

describe('VIN-4 as it is heard', () => {
  test.each([
    'one H G C M eight two six three three A zero zero four three five two',
    'One hotel golf Charlie mike eight two six, double three, alpha, double zero, four three five two.',
    '1hg cm826 33a-004352',
    ' 1-HGCM-82633-A004352 ',
    '1 H as in hotel G as in golf C M 8 2 6 3 3 A 0 0 4 3 5 2',
    'one aitch gee see em eight twenty six thirty three ay zero zero forty three fifty two',
    'I HGCM82633A004352',
    '1HGCM82633AOO4352',
    'one H G C M eight to six three three A oh oh for three five too',
  ])('%s', (said) => {
    expect(vinHeard(said)).toMatchObject({ ok: true, vin: { vin: ACCORD } });
  });
  test('every VIN is understood spelled by NATO words, by its letters, and as it is read back', () => {
    fc.assert(
      fc.property(americanVin, fc.boolean(), (vin, comma) => {
        const said = [...vin].map(nameOf).join(comma ? ', ' : ' ');
        for (const form of [said, said.toUpperCase(), [...vin].join(' ').toLowerCase(), readBackVin(vin)])
          expect(vinHeard(form)).toMatchObject({ ok: true, vin: { vin }, repaired: false });
      }),
    );
  });
  test('double and triple', () => {
    expect(spelledRuns('triple seven double u double you double oh double bravo')).toEqual(['777WWOOBB']);
    expect(vinHeard('seventeen ones is no VIN')).toMatchObject({ ok: false });
  });
});

describe('VIN-5 what cannot be one is asked for again', () => {
  test('an O or an I is put right where the check digit proves it', () => {
    expect(vinHeard(ACCORD.replaceAll('0', 'O'))).toMatchObject({
      ok: true,
      repaired: true,
      vin: { vin: ACCORD },
    });
    // Another slip beside it: nothing proves what was meant.
    expect(vinHeard('1HGCM82633AOO4353')).toMatchObject({ ok: false, problem: 'characters' });
  });
  test('outside North America no letter is put right: nothing would prove it', () => {
    expect(vinHeard('WVWZZZ1KZ6WOOOOO1')).toMatchObject({ ok: false, problem: 'characters' });
  });
  test('too few, too many, and how many they were', () => {
    expect(vinHeard('one H G C M')).toEqual({ ok: false, problem: 'length', characters: 5 });
    expect(vinHeard(`${ACCORD}7`)).toEqual({ ok: false, problem: 'length', characters: 18 });
    expect(vinHeard('')).toEqual({ ok: false, problem: 'length', characters: 0 });
  });
  test('anything at all gets a verdict, and what is accepted is a VIN', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const heard = vinHeard(text);
        if (heard.ok) expect(judgeVin(heard.vin.vin)).toMatchObject({ ok: true });
      }),
    );
  });
});

describe('what is read back', () => {
  test('in groups that can be held', () => {
    expect(readBackVin(ACCORD)).toBe('1 H G, C M 8 2 6, 3, 3 A, 0 0 4, 3 5 2');
    expect(readBackPhone('+12025550143')).toBe('plus 1, 2 0 2, 5 5 5, 0 1 4 3');
    expect(readBackPhone('+442079460018')).toBe('plus 4 4 2, 0 7 9, 4 6 0, 0 1 8');
    expect(readBackPhone('0301234')).toBe('0 3 0, 1 2 3 4');
    expect(readBackEmail('robin.vale-2@example.co.uk')).toBe(
      'r o b i n, dot, v a l e, hyphen, 2, at, example dot co dot uk',
    );
    expect(readBackCode('a4471z')).toBe('A 4 4, 7 1 Z');
  });
  test('says each character once and in order', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,30}$/), (code) => {
        expect(readBackCode(code).replace(/[ ,]/g, '')).toBe(code);
        expect(readBackPhone(`+${code.replace(/\D/g, '')}`).replace(/[ ,]|plus/g, '')).toBe(
          code.replace(/\D/g, ''),
        );
      }),
    );
  });
});

describe('TOOL-3 read back and answered', () => {
  const agent = (text: string) => ({ speaker: 'agent', text }) as const;
  const customer = (text: string) => ({ speaker: 'customer', text }) as const;
  const code = [{ kind: 'code', code: ACCORD }] as const;
  const readBack = agent(`I have ${readBackVin(ACCORD)}. Is that right?`);

  test('is believed when the customer answered the read-back', () => {
    expect(wasReadBack([customer('it is …'), readBack, customer('yes')], code)).toBe(true);
    expect(wasReadBack([customer('x'), readBack, customer('yes'), agent('One moment.')], code)).toBe(true);
    const nato = agent(`So: ${[...ACCORD].map(nameOf).join(', ')}. Correct?`);
    expect(wasReadBack([nato, customer('yes')], code)).toBe(true);
  });
  test('is not, when nobody read it back, it was cut, it is old, or nobody answered', () => {
    expect(wasReadBack([], code)).toBe(false);
    expect(wasReadBack([customer(ACCORD)], code)).toBe(false);
    expect(wasReadBack([customer('x'), readBack], code)).toBe(false);
    expect(wasReadBack([agent(readBack.text.slice(0, 30)), customer('yes')], code)).toBe(false);
    expect(wasReadBack([readBack, customer('no, wait'), agent('Go on.'), customer('yes')], code)).toBe(false);
    expect(wasReadBack([readBack, customer('yes')], [{ kind: 'code', code: '5YJSA1E27HF000337' }])).toBe(
      false,
    );
  });
  test('make, model and year, as years are said', () => {
    const parts = [
      { kind: 'name', name: 'Honda' },
      { kind: 'name', name: 'CR-V' },
      { kind: 'year', year: 2003 },
    ] as const;
    expect(wasReadBack([agent('A Honda CR-V of two thousand three?'), customer('yes')], parts)).toBe(true);
    expect(wasReadBack([agent('A honda crv, 2003?'), customer('yes')], parts)).toBe(true);
    expect(wasReadBack([agent('A Honda of 2003?'), customer('yes')], parts)).toBe(false);
    expect(yearsAsSaid(2018)).toContain('twenty eighteen');
    expect(yearsAsSaid(1999)).toContain('nineteen ninety nine');
  });
});
