import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallingWindows, Weekday } from '../../domain/campaign/campaign.ts';
import { weekdays } from '../../domain/campaign/campaign.ts';
import { callingRules, rulesOf } from '../../domain/dial/calling-rules.ts';
import type { ZoneEvidence } from '../../domain/dial/decision.ts';
import { isUsHoliday } from '../../domain/dial/holidays.ts';
import { judgeHours } from '../../domain/dial/hours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const at = (text: string): number => Date.parse(text);
const always: CallingWindows = everyDay([{ from: 0, to: 1440 }]);
function everyDay(hours: { from: number; to: number }[]): CallingWindows {
  return Object.fromEntries(weekdays.map((day) => [day, hours])) as Record<Weekday, typeof hours>;
}
const given = (zone: string, regions: string[] = ['US']): ZoneEvidence => ({
  source: 'given',
  zones: [zone],
  regions,
});

const formats = new Map<string, Intl.DateTimeFormat>();
/** The plainest reading of a zone's clock there is. */
function naive(zone: string, atMs: number): { weekday: Weekday; minute: number; day: number } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hourCycle: 'h23',
    });
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(atMs).map((part) => [part.type, part.value]));
  return {
    weekday: (parts.weekday ?? '').toLowerCase() as Weekday,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
    day: Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day)) / DAY_MS,
  };
}

function naivelyOpen(evidence: ZoneEvidence, windows: CallingWindows, atMs: number): boolean {
  return evidence.zones.every((zone) => {
    const { weekday, minute, day } = naive(zone, atMs);
    const within = (hours: readonly { from: number; to: number }[]) =>
      hours.some((each) => each.from <= minute && minute < each.to);
    return (
      within(windows[weekday]) &&
      rulesOf(evidence.regions).every(
        (rule) =>
          within(rule.week[weekdays.indexOf(weekday)] ?? []) &&
          !(rule.closedOn === 'usHolidays' && isUsHoliday(day)),
      )
    );
  });
}

const zones = [
  'America/New_York',
  'America/Los_Angeles',
  'America/Chicago',
  'America/St_Johns',
  'America/Phoenix',
  'America/Havana',
  'America/Santiago',
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Pacific/Pago_Pago',
  'Etc/GMT+12',
  'Etc/GMT-14',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Europe/London',
  'UTC',
];
/** Around every change of clocks of a few of them, at ends of February, at New Year: where such code goes wrong. */
const edges = [
  '2026-03-08T07:00Z',
  '2026-03-08T10:00Z',
  '2026-11-01T06:00Z',
  '2026-11-01T09:00Z',
  '2027-03-14T07:00Z',
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-04-04T15:00Z',
  '2026-10-03T15:30Z',
  '2026-09-06T04:00Z',
  '2028-02-29T12:00Z',
  '2028-02-28T23:59Z',
  '2028-03-01T00:00Z',
  '2026-12-31T23:59Z',
  '2027-01-01T10:00Z',
  '2011-12-30T10:00Z',
].map(at);
const instant = fc.oneof(
  fc.integer({ min: at('2011-01-01T00:00Z'), max: at('2037-12-31T00:00Z') }),
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }))
    .map(([edge, by]) => edge + by),
  fc
    .tuple(fc.constantFrom(...edges), fc.integer({ min: -3, max: 3 }))
    .map(([edge, by]) => edge + by * MINUTE_MS),
);
const hours = fc
  .array(fc.tuple(fc.nat(1439), fc.integer({ min: 1, max: 900 })), { maxLength: 2 })
  .map((list) => list.map(([from, long]) => ({ from, to: Math.min(1440, from + long) })));
const windows: fc.Arbitrary<CallingWindows> = fc.oneof(
  fc.constant(always),
  fc.record({ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours }),
);
const regions = fc.array(
  fc.constantFrom(...callingRules.map((rule) => rule.region).filter((each) => each !== '*'), 'DE', 'US-NJ'),
  { maxLength: 3 },
);
const evidence: fc.Arbitrary<ZoneEvidence> = fc
  .tuple(fc.uniqueArray(fc.constantFrom(...zones), { minLength: 1, maxLength: 3 }), regions)
  .map(([list, where]) => ({ source: 'number', zones: list, regions: where }));

describe('HOURS-3 open only where no candidate clock and no rule says no', () => {
  test('what is judged open is open by Intl in every zone, and what is closed is closed', () => {
    fc.assert(
      fc.property(evidence, windows, instant, (where, allowed, nowMs) => {
        expect(judgeHours(where, allowed, nowMs).open).toBe(naivelyOpen(where, allowed, nowMs));
      }),
      { numRuns: 3_000 },
    );
  });

  test('the next opening is open, and no minute before it is', () => {
    fc.assert(
      fc.property(evidence, windows, instant, (where, allowed, nowMs) => {
        const { nextOpenAtMs, open, refusal } = judgeHours(where, allowed, nowMs);
        if (open) {
          expect(nextOpenAtMs).toBe(nowMs);
          return;
        }
        expect(refusal).toBe(nextOpenAtMs === null ? 'neverOpen' : 'outsideHours');
        if (nextOpenAtMs !== null) expect(naivelyOpen(where, allowed, nextOpenAtMs)).toBe(true);
        const end = nextOpenAtMs ?? nowMs + 15 * DAY_MS;
        // Every whole minute of the day before it, and a coarse walk from now.
        const firstMinute = Math.ceil(Math.max(nowMs, end - DAY_MS) / MINUTE_MS) * MINUTE_MS;
        const open_: number[] = [];
        for (let ms = firstMinute; ms < end; ms += MINUTE_MS)
          if (judgeHours(where, allowed, ms).open) open_.push(ms);
        for (let ms = Math.ceil(nowMs / MINUTE_MS) * MINUTE_MS; ms < end; ms += 97 * MINUTE_MS) {
          if (naivelyOpen(where, allowed, ms)) open_.push(ms);
        }
        expect(open_).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('a zone that nothing tells is refused as such', () => {
    const verdict = judgeHours({ source: 'none', zones: [], regions: [] }, always, 0);
    expect(verdict).toMatchObject({
      open: false,
      refusal: 'zoneUnknown',
      nextOpenAtMs: null,
      judgedIn: null,
    });
  });

  test('windows that no law meets never open', () => {
    const night = everyDay([{ from: 120, to: 300 }]);
    const verdict = judgeHours(given('America/New_York'), night, at('2026-11-20T12:00Z'));
    expect(verdict).toMatchObject({ open: false, refusal: 'neverOpen', nextOpenAtMs: null });
  });

  test('in the hour that spring leaves out nothing opens: it opens when the clock has passed it', () => {
    const early = everyDay([{ from: 150, to: 600 }]);
    // 02:30 does not exist in Santiago's spring night (24:00 becomes 01:00) nor 02:30 in New York's.
    const nowMs = at('2027-03-14T05:00Z');
    const verdict = judgeHours({ ...given('America/New_York'), regions: ['US'] }, early, nowMs);
    // The law opens at 8, by then daylight saving time.
    expect(verdict.nextOpenAtMs).toBe(at('2027-03-14T12:00Z'));
  });

  test.each([
    ['2026-11-20T12:59Z', ['US-NY'], false, '2026-11-20T13:00Z'],
    ['2026-11-20T13:00Z', ['US-NY'], true, '2026-11-20T13:00Z'],
    ['2026-11-21T01:30Z', ['US-NY'], true, '2026-11-21T01:30Z'],
    ['2026-11-21T01:30Z', ['US-FL', 'US-NY'], false, '2026-11-21T13:00Z'],
    ['2026-11-21T01:00Z', ['US-FL'], false, '2026-11-21T13:00Z'],
    ['2026-11-22T16:00Z', ['US-AL'], false, '2026-11-23T13:00Z'],
    ['2026-11-26T16:00Z', ['US-RI'], false, '2026-11-27T14:00Z'],
    ['2026-07-03T16:00Z', ['US-UT'], false, '2026-07-04T12:00Z'],
  ])('HOURS-2 at %s under %j open is %s, next %s', (now, where, open, next) => {
    const verdict = judgeHours(given('America/New_York', where), always, at(now));
    if (now.startsWith('2026-07-03')) {
      // 4 July 2026 is a Saturday: kept on Friday as well, and Sunday is closed there.
      expect(verdict.nextOpenAtMs).toBe(at('2026-07-06T12:00Z'));
    } else expect(verdict.nextOpenAtMs).toBe(at(next));
    expect(verdict.open).toBe(open);
  });

  test('HOURS-4 the strictest legal cap of any region stands', () => {
    const nowMs = at('2026-11-20T15:00Z');
    expect(judgeHours(given('America/New_York', ['US-FL', 'US-NY']), always, nowMs).callsPer24h).toBe(3);
    expect(judgeHours(given('America/New_York', ['US-NY']), always, nowMs).callsPer24h).toBeNull();
  });

  test('the verdict names its clock, its rules with their sources, and the hours of the campaign', () => {
    const verdict = judgeHours(given('America/New_York', ['US-FL']), always, at('2026-11-21T15:03Z'));
    expect(verdict).toEqual({
      open: true,
      refusal: null,
      judgedIn: { zone: 'America/New_York', localTime: '2026-11-21T10:03' },
      rules: [
        { ruleId: 'us', region: 'US', source: '47 CFR 64.1200(c)(1)', from: 480, to: 1260 },
        {
          ruleId: 'us-fl',
          region: 'US-FL',
          source: 'Fla. Stat. 501.059 and 501.616(6)',
          from: 480,
          to: 1200,
        },
      ],
      campaignHours: [{ from: 0, to: 1440 }],
      nextOpenAtMs: at('2026-11-21T15:03Z'),
      callsPer24h: 3,
    });
  });
});

describe('the table of rules', () => {
  test('names each region once, with a source, and hours that are hours', () => {
    expect(new Set(callingRules.map((rule) => rule.region)).size).toBe(callingRules.length);
    for (const rule of callingRules) {
      expect(rule.source.length).toBeGreaterThan(5);
      expect(rule.week).toHaveLength(7);
      for (const { from, to } of rule.week.flat()) expect(from < to && from >= 0 && to <= 1440).toBe(true);
    }
  });

  test('no state is laxer than the federal hours once both apply', () => {
    fc.assert(
      fc.property(fc.constantFrom(...callingRules), instant, (rule, nowMs) => {
        if (!rule.region.startsWith('US-')) return;
        const state = judgeHours(given('America/New_York', [rule.region]), always, nowMs).open;
        const federal = judgeHours(given('America/New_York', ['US']), always, nowMs).open;
        expect(state && !federal).toBe(false);
      }),
    );
  });

  test('federal holidays of 2026, and the weekdays that keep them', () => {
    const days: string[] = [];
    for (let ms = at('2026-01-01'); ms < at('2027-01-01'); ms += DAY_MS) {
      if (isUsHoliday(ms / DAY_MS)) days.push(new Date(ms).toISOString().slice(5, 10));
    }
    expect(days.join(' ')).toBe('01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25');
  });
});
