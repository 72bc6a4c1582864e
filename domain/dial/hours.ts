import type { CallingWindows, Hours } from '../campaign/campaign.ts';
import { weekdays } from '../campaign/campaign.ts';
import type { CallingRule } from './calling-rules.ts';
import { rulesOf } from './calling-rules.ts';
import type { RuleApplied, ZoneEvidence } from './decision.ts';
import { isUsHoliday } from './holidays.ts';
import { aheadOfUtc, localMoment, localTimeIn, nextChange } from './local-clock.ts';

export interface HoursVerdict {
  /** Open in every zone that the evidence allows, under every rule, and in the campaign's own windows. */
  readonly open: boolean;
  readonly refusal: 'outsideHours' | 'zoneUnknown' | 'neverOpen' | null;
  /** The strictest clock: of the first zone that is closed, else of the one that closes first. Null: no zone is known. */
  readonly judgedIn: { readonly zone: string; readonly localTime: string } | null;
  /** What the law said of that day there; from 0 to 0: nothing is open. */
  readonly rules: readonly RuleApplied[];
  /** The campaign's own hours of that day. */
  readonly campaignHours: readonly Hours[];
  /** The earliest instant, now included, at which it is open, epoch ms; null when none of the next 15 days has one. */
  readonly nextOpenAtMs: number | null;
  /** The strictest legal cap; null: none. */
  readonly callsPer24h: number | null;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** How far ahead an opening is looked for: two weeks and a day, so that every weekday is seen twice. */
const AHEAD_MS = 15 * DAY_MS;

/** Law and campaign as one week of hours that all allow. */
interface Week {
  readonly rules: readonly CallingRule[];
  /** Monday to Sunday, in order, apart from each other. */
  readonly open: readonly (readonly Hours[])[];
  readonly holidays: boolean;
  readonly callsPer24h: number | null;
}

/** By the windows object, which a campaign keeps while it is unchanged, then by rules. */
const weeks = new WeakMap<CallingWindows, Map<readonly CallingRule[], Week>>();

function weekOf(rules: readonly CallingRule[], windows: CallingWindows): Week {
  let ofWindows = weeks.get(windows);
  if (ofWindows === undefined) weeks.set(windows, (ofWindows = new Map<readonly CallingRule[], Week>()));
  const known = ofWindows.get(rules);
  if (known !== undefined) return known;
  const caps = rules.flatMap((each) => (each.callsPer24h === null ? [] : [each.callsPer24h]));
  const made: Week = {
    rules,
    open: weekdays.map((name, index) =>
      rules.reduce((hours, each) => overlap(hours, each.week[index] ?? []), merged(windows[name])),
    ),
    holidays: rules.some((each) => each.closedOn === 'usHolidays'),
    callsPer24h: caps.length === 0 ? null : Math.min(...caps),
  };
  ofWindows.set(rules, made);
  return made;
}

function merged(hours: readonly Hours[]): readonly Hours[] {
  const out: { from: number; to: number }[] = [];
  for (const each of hours.toSorted((one, other) => one.from - other.from)) {
    const last = out.at(-1);
    if (last !== undefined && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else if (each.from < each.to) out.push({ ...each });
  }
  return out;
}

const overlap = (some: readonly Hours[], others: readonly Hours[]): readonly Hours[] =>
  some.flatMap((one) =>
    others.flatMap((other) => {
      const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
      return from < to ? [{ from, to }] : [];
    }),
  );

const NONE: readonly Hours[] = [];
const openOn = (week: Week, day: number, weekday: number): readonly Hours[] =>
  week.holidays && isUsHoliday(day) ? NONE : (week.open[weekday] ?? NONE);

/**
 * Whether somebody may be called now, by law and by the campaign's windows (HOURS-3): it is open only where no candidate zone
 * and no rule of any candidate region says no.
 */
export function judgeHours(evidence: ZoneEvidence, windows: CallingWindows, nowMs: number): HoursVerdict {
  const week = weekOf(rulesOf(evidence.regions), windows);
  if (evidence.zones.length === 0) {
    return {
      open: false,
      refusal: 'zoneUnknown',
      judgedIn: null,
      rules: [],
      campaignHours: [],
      nextOpenAtMs: null,
      callsPer24h: week.callsPer24h,
    };
  }
  let strictest: { zone: string; day: number; weekday: number } | null = null;
  let open = true;
  let closesIn = Infinity;
  for (const zone of evidence.zones) {
    const { day, weekday, minute } = localMoment(zone, nowMs);
    const hours = openOn(week, day, weekday).find((each) => each.from <= minute && minute < each.to);
    if (hours === undefined) {
      strictest = { zone, day, weekday };
      open = false;
      break;
    }
    if (hours.to - minute < closesIn) {
      closesIn = hours.to - minute;
      strictest = { zone, day, weekday };
    }
  }
  const { zone, day, weekday } = strictest as { zone: string; day: number; weekday: number };
  const nextOpenAtMs = open ? nowMs : nextOpening(evidence.zones, week, nowMs);
  return {
    open,
    refusal: open ? null : nextOpenAtMs === null ? 'neverOpen' : 'outsideHours',
    judgedIn: { zone, localTime: localTimeIn(zone, nowMs) },
    rules: week.rules.flatMap((each) => applied(each, day, weekday)),
    campaignHours: windows[weekdays[weekday] ?? 'mon'],
    nextOpenAtMs,
    callsPer24h: week.callsPer24h,
  };
}

function applied({ ruleId, region, source, week, closedOn }: CallingRule, day: number, weekday: number) {
  const hours = closedOn !== null && isUsHoliday(day) ? NONE : (week[weekday] ?? NONE);
  const stretches = hours.length === 0 ? [{ from: 0, to: 0 }] : hours;
  return stretches.map(({ from, to }): RuleApplied => ({ ruleId, region, source, from, to }));
}

/** The earliest instant from `fromMs` on at which every zone is open. */
function nextOpening(zones: readonly string[], week: Week, fromMs: number): number | null {
  const untilMs = fromMs + AHEAD_MS;
  let atMs = fromMs;
  // Each zone's own next opening is a bound that no answer lies before: going up to the latest of them, until none moves.
  for (let agreed = 0, index = 0; agreed < zones.length; index = (index + 1) % zones.length) {
    const openAtMs = opensIn(zones[index] as string, week, atMs, untilMs);
    if (openAtMs === null) return null;
    agreed = openAtMs === atMs ? agreed + 1 : 1;
    atMs = openAtMs;
  }
  return atMs;
}

/** As far as the zone's clock runs evenly, local time is UTC shifted: one stretch after the other. */
function opensIn(zone: string, week: Week, fromMs: number, untilMs: number): number | null {
  for (let atMs = fromMs; atMs <= untilMs;) {
    const shift = aheadOfUtc(zone, atMs);
    const endMs = nextChange(zone, atMs) ?? (Math.floor(atMs / DAY_MS) + 1) * DAY_MS;
    const [first, end] = [atMs + shift, endMs + shift];
    for (let day = Math.floor(first / DAY_MS); day * DAY_MS < end; day++) {
      const weekday = (((day + 3) % 7) + 7) % 7;
      for (const { from, to } of openOn(week, day, weekday)) {
        const opens = Math.max(first, day * DAY_MS + from * MINUTE_MS);
        if (opens < Math.min(end, day * DAY_MS + to * MINUTE_MS)) {
          return opens - shift > untilMs ? null : opens - shift;
        }
      }
    }
    atMs = endMs;
  }
  return null;
}
