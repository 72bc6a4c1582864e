import { callingCodes, countryZones } from './data/countries.ts';
import { areaCodes, canadianPrefixes, zipPrefixes, zoneLetters } from './data/north-america.ts';

/** Regions in which something is, and zones whose clock may be the one there. */
export interface Place {
  /** ISO 3166: `US-FL`, `DE`. */
  readonly regions: readonly string[];
  /** IANA. */
  readonly zones: readonly string[];
}

const NOWHERE: Place = { regions: [], zones: [] };

/** The tables as maps; made at the first question, because most isolates never ask. */
interface Tables {
  readonly byArea: ReadonlyMap<string, Place>;
  readonly byZip: ReadonlyMap<string, Place>;
  readonly byCanadianLetter: ReadonlyMap<string, Place>;
  readonly byCallingCode: ReadonlyMap<string, Place>;
  readonly countryOfZone: ReadonlyMap<string, string>;
}
let made: Tables | undefined;

function tables(): Tables {
  if (made !== undefined) return made;
  const zonesOf = new Map<string, readonly string[]>();
  const countryOfZone = new Map<string, string>();
  for (const line of linesOf(countryZones)) {
    const [country = '', ...names] = line.split(' ');
    const bar = names.indexOf('|');
    zonesOf.set(country, bar === -1 ? names : names.slice(0, bar));
    for (const name of names) if (name !== '|') countryOfZone.set(name, country);
  }
  const placeOf = (countries: readonly string[]): Place => ({
    regions: countries,
    zones: [...new Set(countries.flatMap((each) => zonesOf.get(each) ?? []))],
  });
  const byCallingCode = new Map<string, Place>();
  for (const entry of callingCodes.trim().split(/[\n,]/)) {
    const [code = '', ...countries] = entry.split(' ');
    byCallingCode.set(code, placeOf(countries));
  }
  made = {
    byArea: byCode(areaCodes, placeOf),
    byZip: byCode(zipPrefixes, placeOf),
    byCanadianLetter: byCode(canadianPrefixes, placeOf),
    byCallingCode,
    countryOfZone,
  };
  return made;
}

const linesOf = (text: string): string[] => text.trim().split('\n');

/** `US-FL CE 324 330-331`: region, letters of zones, codes. */
function byCode(text: string, ofCountry: (countries: string[]) => Place): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const line of linesOf(text)) {
    const [names = '', letters = '', ...codes] = line.split(' ');
    const regions = names.split('+');
    const place =
      letters === '-'
        ? ofCountry(regions)
        : { regions, zones: [...letters].map((each) => zoneLetters[each] as string) };
    for (const code of codes) {
      const [first = '', last = first] = code.split('-');
      if (first === last) places.set(first, place);
      else for (let n = Number(first); n <= Number(last); n++) places.set(String(n).padStart(3, '0'), place);
    }
  }
  return places;
}

/** The zone's country; null for zones of no country (`UTC`) and names that are only aliases. */
export const countryOfZone = (zone: string): string | null => tables().countryOfZone.get(zone) ?? null;

/** Where an E.164 number is from. In North America by area code; numbers of no place (toll-free) have none. */
export function placeOfNumber(phone: string): Place {
  if (phone.startsWith('+1')) return tables().byArea.get(phone.slice(2, 5)) ?? NOWHERE;
  for (const digits of [3, 2, 1]) {
    const place = tables().byCallingCode.get(phone.slice(1, 1 + digits));
    if (place !== undefined) return place;
  }
  return NOWHERE;
}

/**
 * Where a postal code is; null when it says nothing. Only North America's are read, and only beside one of its numbers: the
 * same five digits are a code of Germany too. Zeros that a spreadsheet took from the front are given back.
 */
export function placeOfPostalCode(postalCode: string, phone: string): Place | null {
  if (!phone.startsWith('+1')) return null;
  const code = postalCode.trim().toUpperCase();
  if (/^\d{3,5}([ -]?\d{4})?$/.test(code)) {
    const five = (code.split(/[ -]/)[0] ?? '').slice(0, 5).padStart(5, '0');
    return tables().byZip.get(five.slice(0, 3)) ?? null;
  }
  if (/^[A-Z]\d[A-Z]( ?\d[A-Z]\d)?$/.test(code)) return tables().byCanadianLetter.get(code[0] ?? '') ?? null;
  return null;
}
