/** Federal holidays of the United States (5 U.S.C. 6103). `nth` -1 is the last of the month. */
type Holiday =
  | { readonly month: number; readonly date: number }
  | { readonly month: number; readonly weekday: number; readonly nth: number };

const [MONDAY, THURSDAY] = [0, 3];
const holidays: readonly Holiday[] = [
  { month: 1, date: 1 },
  { month: 1, weekday: MONDAY, nth: 3 },
  { month: 2, weekday: MONDAY, nth: 3 },
  { month: 5, weekday: MONDAY, nth: -1 },
  { month: 6, date: 19 },
  { month: 7, date: 4 },
  { month: 9, weekday: MONDAY, nth: 1 },
  { month: 10, weekday: MONDAY, nth: 2 },
  { month: 11, date: 11 },
  { month: 11, weekday: THURSDAY, nth: 4 },
  { month: 12, date: 25 },
];

const DAY_MS = 86_400_000;
const kept = new Map<number, boolean>();

/** Whether a local day (counted from 1 January 1970) is one, or the weekday on which one that falls on a weekend is kept. */
export function isUsHoliday(day: number): boolean {
  const known = kept.get(day);
  if (known !== undefined) return known;
  const weekday = (((day + 3) % 7) + 7) % 7;
  const found =
    isOne(day, weekday) ||
    (weekday === 4 && isOne(day + 1, 5, true)) ||
    (weekday === 0 && isOne(day - 1, 6, true));
  if (kept.size > 5_000) kept.clear();
  kept.set(day, found);
  return found;
}

function isOne(day: number, weekday: number, onlyDated = false): boolean {
  const at = new Date(day * DAY_MS);
  const month = at.getUTCMonth() + 1;
  const date = at.getUTCDate();
  const days = new Date(Date.UTC(at.getUTCFullYear(), month, 0)).getUTCDate();
  return holidays.some((each) => {
    if (each.month !== month) return false;
    if ('date' in each) return each.date === date;
    if (onlyDated || each.weekday !== weekday) return false;
    return each.nth === -1 ? date + 7 > days : Math.ceil(date / 7) === each.nth;
  });
}
