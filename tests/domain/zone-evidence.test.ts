import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isZone } from '../../domain/dial/local-clock.ts';
import { placeOfNumber } from '../../domain/dial/places.ts';
import { zoneEvidenceOf } from '../../domain/dial/zone-evidence.ts';

const lead = (phone: string, postalCode: string | null = null, zone: string | null = null) => ({
  phone,
  postalCode,
  zone,
});

describe('HOURS-1 a given zone, else the postal code, else the number', () => {
  test.each([
    ['+12125550100', null, null, 'number', ['America/New_York'], ['US-NY']],
    ['+13055550100', '10001', null, 'postalCode', ['America/New_York'], ['US-FL', 'US-NY']],
    ['+12125550100', '90210', null, 'postalCode', ['America/Los_Angeles'], ['US-CA', 'US-NY']],
    ['+12125550100', '90210-1234', 'Pacific/Honolulu', 'given', ['Pacific/Honolulu'], ['US-CA', 'US-NY']],
    ['+18505550100', null, null, 'number', ['America/Chicago', 'America/New_York'], ['US-FL']],
    ['+18505550100', '32501', null, 'postalCode', ['America/Chicago'], ['US-FL']],
    // A spreadsheet took the zero.
    ['+16175550100', '2139', null, 'postalCode', ['America/New_York'], ['US-MA']],
    ['+17875550100', '601', null, 'postalCode', ['America/Puerto_Rico'], ['US-PR']],
    ['+14165550100', 'M5V 2T6', null, 'postalCode', ['America/Toronto'], ['CA-ON']],
    ['+16045550100', 'm5v2t6', null, 'postalCode', ['America/Toronto'], ['CA-BC', 'CA-ON']],
    ['+442071234567', '90210', null, 'number', ['Europe/London'], undefined],
    ['+4930123456', '10115', null, 'number', undefined, ['DE']],
    ['+4930123456', null, 'America/New_York', 'given', ['America/New_York'], ['DE', 'US']],
    ['+18005550100', null, null, 'none', [], []],
    ['+18005550100', null, 'America/New_York', 'given', ['America/New_York'], ['US']],
    ['+15555550100', '33101', null, 'postalCode', ['America/New_York'], ['US-FL']],
    ['+12125550100', null, 'Mars/Olympus', 'number', ['America/New_York'], ['US-NY']],
    ['+12125550100', null, '+05:00', 'number', ['America/New_York'], ['US-NY']],
    ['+12125550100', 'nonsense', '', 'number', ['America/New_York'], ['US-NY']],
  ])('%s, postal code %s, zone %s: by %s', (phone, postalCode, zone, source, zones, regions) => {
    const found = zoneEvidenceOf(lead(phone, postalCode, zone));
    expect(found.source).toBe(source);
    if (zones !== undefined) expect(found.zones.toSorted()).toEqual(zones);
    if (regions !== undefined) expect(found.regions).toEqual(regions);
  });

  test('a country of many clocks keeps them all', () => {
    expect(zoneEvidenceOf(lead('+79161234567')).zones.length).toBeGreaterThan(8);
  });

  test('every area code, postal code and country names real zones and at least one region', () => {
    const numbers = Array.from({ length: 999 }, (_, code) => [
      `+${code}5550100`,
      `+1${String(code).padStart(3, '0')}5550100`,
    ]).flat();
    const places = numbers.map(placeOfNumber);
    for (const { zones, regions } of places) {
      expect(zones.filter((zone) => !isZone(zone))).toEqual([]);
      expect(zones.length > 0).toBe(regions.length > 0);
    }
    expect(places.filter((each) => each.zones.length > 0).length).toBeGreaterThan(600);
    for (let zip = 0; zip < 1_000; zip++) {
      const { zones } = zoneEvidenceOf(lead('+15555550100', `${String(zip).padStart(3, '0')}01`));
      expect(zones.filter((zone) => !isZone(zone))).toEqual([]);
    }
  });

  test('whatever stands in the cells, evidence is real zones or none', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\+[1-9]\d{6,14}$/),
        fc.option(fc.string({ unit: 'binary' })),
        fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'US/Eastern', 'utc'))),
        (phone, postalCode, zone) => {
          const found = zoneEvidenceOf(lead(phone, postalCode, zone));
          expect(found.zones.every(isZone)).toBe(true);
          expect(found.source === 'none').toBe(found.zones.length === 0);
        },
      ),
    );
  });
});
