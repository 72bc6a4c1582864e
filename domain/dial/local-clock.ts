/**
 * Local time of a zone, fast enough for a million judgements: what a zone is ahead of UTC is asked of Intl once a UTC day and
 * kept. It is sound because no zone has ever set its clock twice within one UTC day (the property tests compare with Intl).
 */
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Days kept a zone; the oldest half goes. Two months of every zone on Earth are about 25,000 small entries. */
const DAYS_KEPT = 400;

/** What the clock is ahead of UTC during a day, ms; `changesAtMs` is when it becomes `after`. */
interface DayOfZone {
  readonly before: number;
  readonly after: number;
  readonly changesAtMs: number;
}
interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly days: Map<number, DayOfZone>;
}

const zones = new Map<string, Zone | null>();

function zoneNamed(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  // Names come out of files: what is not a zone is remembered only while there are few of them.
  if (zones.size > 2_000) zones.clear();
  const format = formatOf(name);
  const zone = format === null ? null : { format, days: new Map<number, DayOfZone>() };
  zones.set(name, zone);
  return zone;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  // `+05:00` and `EST` are taken by Intl too, and are no places.
  if (timeZone !== 'UTC' && !/^[A-Za-z][\w+-]*(\/[\w+-]+)+$/.test(timeZone)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}

/** Whether this names a zone of the IANA database. */
export const isZone = (name: string): boolean => zoneNamed(name) !== null;

/** `11 21 2026 AD, 10 3 5` in whatever punctuation. */
const NUMBERS = /(\d+)\D+(\d+)\D+(\d+)\D+(\d+)\D+(\d+)\D+(\d+)/;

function askIntl({ format }: Zone, atMs: number): number {
  const [, month, day, year, hour, minute, second] = NUMBERS.exec(format.format(atMs)) ?? [];
  const localMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return localMs - Math.floor(atMs / 1_000) * 1_000;
}

function dayOf(zone: Zone, day: number): DayOfZone {
  const known = zone.days.get(day);
  if (known !== undefined) return known;
  const startMs = day * DAY_MS;
  const before = askIntl(zone, startMs);
  const after = askIntl(zone, startMs + DAY_MS);
  let [low, high] = [startMs, startMs + DAY_MS];
  // To the second: local mean times, long ago, changed at odd ones.
  while (before !== after && high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (askIntl(zone, middle) === before) low = middle;
    else high = middle;
  }
  const found = { before, after, changesAtMs: high };
  if (zone.days.size >= DAYS_KEPT) {
    for (const old of [...zone.days.keys()].slice(0, DAYS_KEPT / 2)) zone.days.delete(old);
  }
  zone.days.set(day, found);
  return found;
}

/** Milliseconds that the zone's clock is ahead of UTC. @throws Error for a name that is no zone. */
export function aheadOfUtc(name: string, atMs: number): number {
  const zone = zoneNamed(name);
  if (zone === null) throw new Error('not a zone');
  const { before, after, changesAtMs } = dayOf(zone, Math.floor(atMs / DAY_MS));
  return atMs < changesAtMs ? before : after;
}

/** When the zone's clock is set next, after `atMs` and within its UTC day; null when it is not. */
export function nextChange(name: string, atMs: number): number | null {
  const zone = zoneNamed(name);
  if (zone === null) throw new Error('not a zone');
  const { before, after, changesAtMs } = dayOf(zone, Math.floor(atMs / DAY_MS));
  return before !== after && atMs < changesAtMs ? changesAtMs : null;
}

export interface LocalMoment {
  /** Days since 1 January 1970 by the local calendar. */
  readonly day: number;
  /** 0 Monday to 6 Sunday. */
  readonly weekday: number;
  /** Since local midnight, whole. */
  readonly minute: number;
}

export function localMoment(name: string, atMs: number): LocalMoment {
  const localMs = atMs + aheadOfUtc(name, atMs);
  const day = Math.floor(localMs / DAY_MS);
  return {
    day,
    // 1 January 1970 was a Thursday.
    weekday: (((day + 3) % 7) + 7) % 7,
    minute: Math.floor((localMs - day * DAY_MS) / MINUTE_MS),
  };
}

/** `2026-11-21T10:03`. */
export const localTimeIn = (name: string, atMs: number): string =>
  new Date(atMs + aheadOfUtc(name, atMs)).toISOString().slice(0, 16);
