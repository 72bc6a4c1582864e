import { makersByWmi } from './makers.ts';

export const VIN_LENGTH = 17;
/** Everything but I, O and Q, which look like 1 and 0 (ISO 3779). */
const VIN_CHARACTERS = /^[A-HJ-NPR-Z0-9]*$/;

export type VinProblem = 'length' | 'characters' | 'checkDigit';

/** What a VIN says by itself. */
export interface Vin {
  /** 17 characters in upper case. */
  readonly vin: string;
  /** `notRequired`: outside North America position 9 means whatever its maker likes, so that a slip cannot be seen (VIN-2). */
  readonly checkDigit: 'right' | 'notRequired';
  /** Null where it is not coded, or not known how (VIN-3). */
  readonly modelYear: number | null;
  /** Null: not in our table. */
  readonly maker: string | null;
}

export type VinVerdict =
  { readonly ok: true; readonly vin: Vin } | { readonly ok: false; readonly problem: VinProblem };

/** Judges 17 characters in upper case (VIN-1, VIN-2). What people say becomes such by `vinHeard`. */
export function judgeVin(text: string): VinVerdict {
  if (text.length !== VIN_LENGTH) return { ok: false, problem: 'length' };
  if (!VIN_CHARACTERS.test(text)) return { ok: false, problem: 'characters' };
  const right = hasRightCheckDigit(text);
  if (!right && isNorthAmerican(text)) return { ok: false, problem: 'checkDigit' };
  return {
    ok: true,
    vin: {
      vin: text,
      checkDigit: right ? 'right' : 'notRequired',
      // Who counts position 9 by the American rule counts position 10 by it too.
      modelYear: right ? modelYearOf(text) : null,
      maker: makersByWmi[text.slice(0, 3)] ?? makersByWmi[text.slice(0, 2)] ?? null,
    },
  };
}

/** ISO 3780: 1 to 5, and 7F to 70, are assigned to North America; 49 CFR 565 demands the check digit there. */
const isNorthAmerican = (vin: string): boolean => /^(?:[1-5]|7[F-Z0-9])/.test(vin);

/** 49 CFR 565.15(c), table III: J begins anew at 1, S at 2. */
const VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  ['ABCDEFGH', 'JKLMN P R', ' STUVWXYZ'].flatMap((row) =>
    [...row].flatMap((letter, index) => (letter === ' ' ? [] : [[letter, index + 1]])),
  ),
);
/** Table IV, from the left; position 9 is the check digit itself. */
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** @param vin 17 permitted characters @returns `0`–`9` or `X` */
export function checkDigitOf(vin: string): string {
  const sum = [...vin].reduce(
    (total, character, index) => total + (VALUES[character] ?? Number(character)) * (WEIGHTS[index] ?? 0),
    0,
  );
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}

export const hasRightCheckDigit = (vin: string): boolean => vin[8] === checkDigitOf(vin);

/** 49 CFR 565.15(d), table VII: 1980 is A; after 9 it begins anew. Never U, Z or 0. */
const YEARS = 'ABCDEFGHJKLMNPRSTVWXY123456789';
const FIRST_YEAR = 1980;

/**
 * By position 10; which round of the thirty years it is, position 7 says: a digit before 2010, a letter since. So it is for
 * cars and light trucks; a heavy one is told thirty years too young or too old.
 */
function modelYearOf(vin: string): number | null {
  const index = YEARS.indexOf(vin[9] ?? '');
  if (index === -1) return null;
  return FIRST_YEAR + index + (/[A-Z]/.test(vin[6] ?? '') ? YEARS.length : 0);
}
