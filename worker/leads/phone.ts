import type { CountryCode } from 'libphonenumber-js/max';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** Longer than any number is written; beyond it the library would read for nothing. */
const LONGEST = 40;

/** `2125550100`, `(212) 555-0100`, `+1 212.555.0100`: how the countries of +1 write. */
const AMERICAN = /^(?:\+1|1)?[\s.-]*\(?([2-9]\d\d)\)?[\s.-]*([2-9]\d\d)[\s.-]*(\d{4})$/;
/**
 * Whether numbers that begin with these six digits can be called. In the plan of +1 the last four are free, so that the
 * library is asked once for ten thousand numbers: files hold them by the million.
 */
const american = new Map<string, boolean>();
const AMERICAN_KEPT = 50_000;

/**
 * A number as people write it, as E.164; null when it is none that could be called. `country` is whose rules hold where it
 * lacks its own. Numbers with an extension cannot be dialled by us.
 */
export function e164Of(text: string, country: string): string | null {
  if (text.length > LONGEST || text === '') return null;
  const parts = country === 'US' || country === 'CA' || text.startsWith('+1') ? AMERICAN.exec(text) : null;
  if (parts === null) return byLibrary(text, country);
  const [, area = '', exchange = '', rest = ''] = parts;
  const begin = area + exchange;
  let good = american.get(begin);
  if (good === undefined) {
    good = byLibrary(`+1${begin}${rest}`, 'US') !== null;
    if (american.size >= AMERICAN_KEPT) american.clear();
    american.set(begin, good);
  }
  return good ? `+1${begin}${rest}` : null;
}

function byLibrary(text: string, country: string): string | null {
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
