import type { Chance } from '../simulate/random.ts';

/** Minutes since midnight, from and to. */
type Hours = readonly (readonly [from: number, to: number])[];
/** Monday to Friday, Saturday, Sunday. */
interface Law {
  readonly weekday: Hours;
  readonly saturday: Hours;
  readonly sunday: Hours;
  readonly per24h: number;
}

/**
 * Where simulated people are. What law and clock mean for them is written down here a second time, by hand, so that the
 * judge shares nothing with the code it judges.
 */
export interface Whereabouts {
  /** Numbers are this and four digits more. */
  readonly prefix: string;
  readonly zone: string | null;
  readonly postalCode: string | null;
  /** Every clock that may be theirs. */
  readonly zones: readonly string[];
  readonly law: Law;
}

const NO_CAP = 1_000;
const h = (from: number, to: number): Hours => [[from * 60, to * 60]];
const daily = (hours: Hours, per24h = NO_CAP): Law => ({
  weekday: hours,
  saturday: hours,
  sunday: hours,
  per24h,
});
const us = daily(h(8, 21));
const florida = daily(h(8, 20), 3);
const texas: Law = { weekday: h(9, 21), saturday: h(9, 21), sunday: h(12, 21), per24h: NO_CAP };
const britain: Law = { weekday: h(9, 20), saturday: h(10, 18), sunday: h(10, 18), per24h: NO_CAP };
const france: Law = {
  weekday: [
    [600, 780],
    [840, 1200],
  ],
  saturday: [],
  sunday: [],
  per24h: NO_CAP,
};
const house: Law = { weekday: h(9, 20), saturday: h(10, 18), sunday: [], per24h: NO_CAP };

const at = (
  prefix: string,
  zones: readonly string[],
  law: Law,
  given: { readonly zone?: string; readonly postalCode?: string } = {},
): Whereabouts => ({
  prefix,
  zone: given.zone ?? null,
  postalCode: given.postalCode ?? null,
  zones,
  law,
});

export const places: readonly Whereabouts[] = [
  at('+1305555', ['America/New_York'], florida),
  at('+1850555', ['America/Chicago', 'America/New_York'], florida),
  at('+1312555', ['America/Chicago'], us),
  at('+1208555', ['America/Denver', 'America/Los_Angeles'], us),
  at('+1808555', ['Pacific/Honolulu'], us),
  at('+1907555', ['America/Anchorage', 'America/Adak', 'Pacific/Honolulu'], us),
  at('+1214555', ['America/Chicago'], texas),
  // The postal code says Florida, the number New York: both laws hold.
  at('+1212555', ['America/New_York'], florida, { postalCode: '33101' }),
  at('+1312555', ['America/Los_Angeles'], us, { zone: 'America/Los_Angeles' }),
  at('+4420718', ['Europe/London'], britain),
  at('+3361234', ['Europe/Paris'], france),
  at('+4178123', ['Europe/Zurich'], house),
  at('+4178124', ['Pacific/Kiritimati'], house, { zone: 'Pacific/Kiritimati' }),
  at('+4178125', ['Etc/GMT+12'], house, { zone: 'Etc/GMT+12' }),
  at('+4178126', ['Australia/Lord_Howe'], house, { zone: 'Australia/Lord_Howe' }),
  at('+642112', ['Pacific/Auckland', 'Pacific/Chatham'], house),
  at('+9198765', ['Asia/Kolkata'], house),
];

/** Nothing tells where they are: never to be rung. */
export const nowhere: Whereabouts = at('+1999555', [], us);

export const someone = (chance: Chance): { where: Whereabouts; phone: string } => {
  const where = chance.happens(0.02) ? nowhere : chance.pick(places);
  return { where, phone: `${where.prefix}${String(chance.between(1_000, 9_999))}` };
};

const formats = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Windows = Readonly<
  Record<(typeof weekdays)[number], readonly { readonly from: number; readonly to: number }[]>
>;

/** Whether every clock that may be theirs allows a call, by law and campaign: naively, from what `Intl` says. */
export function allows({ zones, law }: Whereabouts, windows: Windows, atMs: number): boolean {
  return (
    zones.length > 0 &&
    zones.every((zone) => {
      const { weekday, minute } = clockIn(zone, atMs);
      const index = weekdays.findIndex((each) => each === weekday);
      const hours = index < 5 ? law.weekday : index === 5 ? law.saturday : law.sunday;
      const chosen = windows[weekdays[index] as (typeof weekdays)[number]];
      return (
        hours.some(([from, to]) => from <= minute && minute < to) &&
        chosen.some(({ from, to }) => from <= minute && minute < to)
      );
    })
  );
}

function clockIn(zone: string, atMs: number): { weekday: string; minute: number } {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    weekday: String(parts.weekday).toLowerCase(),
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}
