import type { Hours } from '../campaign/campaign.ts';

/** When a region's law lets people be called, by the clock of the called one. */
export interface CallingRule {
  readonly ruleId: string;
  /** ISO 3166: `US` holds for all of it, `US-FL` there as well. `*`: where no other rule stands. */
  readonly region: string;
  /** What says so. */
  readonly source: string;
  /** Monday to Sunday; an empty day is closed. */
  readonly week: readonly (readonly Hours[])[];
  /** Closed on these days of the year. */
  readonly closedOn: 'usHolidays' | null;
  /** Calls of one number in any 24 hours, whichever campaign makes them; null: the law counts none. */
  readonly callsPer24h: number | null;
}

const at = (from: number, to: number): readonly Hours[] => [{ from: from * 60, to: to * 60 }];
const CLOSED: readonly Hours[] = [];
const week = (
  weekday: readonly Hours[],
  saturday: readonly Hours[] = weekday,
  sunday: readonly Hours[] = saturday,
): readonly (readonly Hours[])[] => [weekday, weekday, weekday, weekday, weekday, saturday, sunday];

const rule = (
  region: string,
  source: string,
  hours: readonly (readonly Hours[])[],
  more: { readonly holidays?: boolean; readonly callsPer24h?: number } = {},
): CallingRule => ({
  ruleId: region.toLowerCase(),
  region,
  source,
  week: hours,
  closedOn: more.holidays === true ? 'usHolidays' : null,
  callsPer24h: more.callsPer24h ?? null,
});

/**
 * Hours of law as we read them (HOURS-2): data, so that a change of law is a change of one line. **Counsel must confirm
 * this table before production.** It leans to the strict side: exemptions (established business, prior consent) are not
 * modelled, and where a law is said to differ for automated voices the narrower hours stand. Holidays are the federal ones;
 * days that only one state keeps are not in it.
 */
export const callingRules: readonly CallingRule[] = [
  rule('US', '47 CFR 64.1200(c)(1)', week(at(8, 21))),
  rule('US-AL', 'Ala. Admin. Code r. 770-X-5-.17', week(at(8, 20), at(8, 20), CLOSED), { holidays: true }),
  rule('US-CT', 'Conn. Gen. Stat. 42-288a', week(at(9, 20))),
  rule('US-FL', 'Fla. Stat. 501.059 and 501.616(6)', week(at(8, 20)), { callsPer24h: 3 }),
  rule('US-KY', 'KRS 367.46955(14)', week(at(10, 21))),
  rule('US-LA', 'La. R.S. 45:844.31', week(at(8, 20), at(8, 20), CLOSED), { holidays: true }),
  rule('US-MA', 'M.G.L. c. 159C s. 3', week(at(8, 20))),
  rule('US-MD', 'Md. Code, Com. Law 14-4502', week(at(8, 20)), { callsPer24h: 3 }),
  rule('US-ME', '10 M.R.S. 1498 (automated calls)', week(at(9, 17), CLOSED)),
  rule('US-MI', 'MCL 445.111 ff.', week(at(9, 21))),
  rule('US-MN', 'Minn. Stat. 325E.30', week(at(9, 21))),
  rule('US-MS', 'Miss. Code 77-3-705 ff.', week(at(8, 20), at(8, 20), CLOSED), { holidays: true }),
  rule('US-NM', 'N.M. Stat. 57-12-22', week(at(9, 21))),
  rule('US-NV', 'NRS 598.0918', week(at(9, 20))),
  rule('US-OK', 'Okla. Stat. tit. 15, 775C.4', week(at(8, 20)), { callsPer24h: 3 }),
  rule('US-PA', '73 P.S. 2245', week(at(8, 21)), { holidays: true }),
  rule('US-RI', 'R.I. Gen. Laws 5-61-3.6', week(at(9, 18), at(10, 17), CLOSED), { holidays: true }),
  rule('US-SD', 'SDCL 37-30A-3', week(at(9, 21), at(9, 21), CLOSED)),
  rule('US-TX', 'Tex. Bus. & Com. Code 301.051', week(at(9, 21), at(9, 21), at(12, 21))),
  rule('US-UT', 'Utah Code 13-25a-103', week(at(8, 21), at(8, 21), CLOSED), { holidays: true }),
  rule('US-WA', 'RCW 80.36.390', week(at(8, 20))),
  rule('US-WY', 'Wyo. Stat. 40-12-302', week(at(8, 20))),
  // An artificial voice is an announcing device there: narrower than for people who call (9:00 to 21:30).
  rule(
    'CA',
    'CRTC Unsolicited Telecommunications Rules, part IV',
    week([{ from: 570, to: 1200 }], [{ from: 630, to: 1020 }]),
  ),
  rule('GB', 'house rule (PECR names no hours)', week(at(9, 20), at(10, 18))),
  rule('FR', 'Code de la consommation D. 223-9', week([...at(10, 13), ...at(14, 20)], CLOSED)),
  rule('AU', 'Telemarketing and Research Calls Industry Standard 2017', week(at(9, 20), at(9, 17), CLOSED)),
  rule('*', 'house rule (no law on hours in our table)', week(at(9, 20), at(10, 18), CLOSED)),
];

const byRegion = new Map(callingRules.map((each) => [each.region, each]));
const otherwise = byRegion.get('*') as CallingRule;
const kept = new Map<string, readonly CallingRule[]>();

/** Every rule that holds in any of these regions; the house rule where no other does. */
export function rulesOf(regions: readonly string[]): readonly CallingRule[] {
  const key = regions.join();
  const known = kept.get(key);
  if (known !== undefined) return known;
  const rules = new Set<CallingRule>();
  for (const region of regions) {
    const country = region.split('-')[0] ?? region;
    rules.add(byRegion.get(country) ?? otherwise);
    const own = byRegion.get(region);
    if (own !== undefined) rules.add(own);
  }
  if (rules.size === 0) rules.add(otherwise);
  const found = [...rules];
  if (kept.size > 5_000) kept.clear();
  kept.set(key, found);
  return found;
}
