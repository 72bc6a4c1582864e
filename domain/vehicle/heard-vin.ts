import { plainCharacters, spelledRuns } from '../speech/spelled.ts';
import type { Vin, VinProblem } from './vin.ts';
import { VIN_LENGTH, hasRightCheckDigit, judgeVin } from './vin.ts';

export type HeardVin =
  | {
      readonly ok: true;
      readonly vin: Vin;
      /** A letter that no VIN has was put right. */ readonly repaired: boolean;
    }
  | {
      readonly ok: false;
      readonly problem: VinProblem;
      /** How many characters were understood. */ readonly characters: number;
    };

/** Letters that no VIN has, and the digit that sounds or looks so. */
const REPAIRS: Readonly<Record<string, string>> = { O: '0', Q: '0', I: '1' };

/**
 * A VIN as it was said or written: "one H G C M eight two…", "Hotel Golf", "double three", lower case, spaces, hyphens
 * (VIN-4). What cannot be one is asked for again, never guessed (VIN-5).
 */
export function vinHeard(text: string): HeardVin {
  const plain = plainCharacters(text);
  // Seventeen characters as they stand are meant as they stand: "TO" in them is no two.
  const characters = plain.length === VIN_LENGTH ? plain : spelledRuns(text).join('');
  const verdict = judgeVin(characters);
  if (verdict.ok) return { ok: true, vin: verdict.vin, repaired: false };
  const repaired = verdict.problem === 'characters' ? repair(characters) : null;
  if (repaired !== null) return { ok: true, vin: repaired, repaired: true };
  return { ok: false, problem: verdict.problem, characters: characters.length };
}

/** Believed only where the check digit proves it: elsewhere any letter could have been meant. */
function repair(characters: string): Vin | null {
  const repaired = characters.replace(/[OQI]/g, (letter) => REPAIRS[letter] ?? letter);
  const verdict = judgeVin(repaired);
  return verdict.ok && hasRightCheckDigit(repaired) ? verdict.vin : null;
}
