import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import { isSupportedCountry } from 'libphonenumber-js/max';

/** Longer than any number is written; beyond it the library would read for nothing. */
const LONGEST = 40;

/**
 * A number as people write it, as E.164; null when it is none that could be called. `country` is whose rules hold where it
 * lacks its own. Numbers with an extension cannot be dialled by us.
 */
export function e164Of(text: string, country: string): string | null {
  if (text.length > LONGEST || text === '') return null;
  // `0049…` is the same as `+49…` in most of the world, and a number of its own nowhere that we know.
  const written = /^00[1-9]/.test(text) ? `+${text.slice(2)}` : text;
  const known: CountryCode | undefined = isSupportedCountry(country) ? country : undefined;
  const number = parsePhoneNumberFromString(written, {
    extract: false,
    ...(known === undefined ? {} : { defaultCountry: known }),
  });
  if (number === undefined || number.ext !== undefined || !number.isValid()) return null;
  return number.number;
}
