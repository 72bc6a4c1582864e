import type { ZoneEvidence } from './decision.ts';
import { isZone } from './local-clock.ts';
import { countryOfZone, placeOfNumber, placeOfPostalCode } from './places.ts';

/** What is known of where a lead is. */
export interface Whereabouts {
  /** E.164. */
  readonly phone: string;
  /** IANA, as given. */
  readonly zone: string | null;
  readonly postalCode: string | null;
}

/**
 * Where a lead is, and how we know (HOURS-1). For the clock the best evidence hides the worse: a zone that was given, else
 * the postal code's, else the number's, with every zone that it allows. For the law nothing is hidden: all regions that any
 * of them names stand, and the strictest rule wins. A given zone that does not exist is no evidence.
 */
export function zoneEvidenceOf({ phone, zone, postalCode }: Whereabouts): ZoneEvidence {
  const number = placeOfNumber(phone);
  const postal = postalCode === null ? null : placeOfPostalCode(postalCode, phone);
  const given = zone !== null && isZone(zone) ? zone : null;
  const regions = postal?.regions ?? number.regions;
  if (given !== null) {
    const country = countryOfZone(given);
    return { source: 'given', zones: [given], regions: sorted(withCountry(both(postal, number), country)) };
  }
  if (postal !== null) {
    return { source: 'postalCode', zones: postal.zones, regions: sorted(both(postal, number)) };
  }
  return number.zones.length === 0
    ? { source: 'none', zones: [], regions }
    : { source: 'number', zones: number.zones, regions };
}

const both = (
  postal: { readonly regions: readonly string[] } | null,
  number: { readonly regions: readonly string[] },
): string[] => [...(postal?.regions ?? []), ...number.regions];

/** `US` says nothing beside `US-FL`. */
const withCountry = (regions: string[], country: string | null): string[] =>
  country === null || regions.some((each) => each.split('-')[0] === country)
    ? regions
    : [...regions, country];

const sorted = (regions: readonly string[]): string[] => [...new Set(regions)].sort();
