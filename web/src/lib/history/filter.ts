import { outcomeLabel } from '../call/words.ts';
import { dispositionWords, interestWords } from '../result/words.ts';
import { channelLabel } from '../call/words.ts';

/** What history is narrowed by, as the address holds it and the API takes it. */
export const filterNames = [
  'text',
  'name',
  'number',
  'profile',
  'outcome',
  'channel',
  'interest',
  'disposition',
  'campaign',
  'from',
  'to',
  'longer',
  'shorter',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

const patterns: Readonly<Record<FilterName, RegExp>> = {
  text: /\S/,
  name: /\S/,
  number: /^\+?[1-9]\d{6,14}$/,
  profile: /^[a-z0-9][a-z0-9-]{0,62}$/,
  outcome: new RegExp(`^(${Object.keys(outcomeLabel).join('|')})$`),
  channel: new RegExp(`^(${Object.keys(channelLabel).join('|')})$`),
  interest: new RegExp(`^(${Object.keys(interestWords).join('|')})$`),
  disposition: new RegExp(`^(${Object.keys(dispositionWords).join('|')})$`),
  campaign: /^[0-9a-f-]{36}$/,
  from: /^\d{4}-\d\d-\d\d$/,
  to: /^\d{4}-\d\d-\d\d$/,
  longer: /^(0|[1-9]\d{0,5})$/,
  shorter: /^(0|[1-9]\d{0,5})$/,
};

/** What the address asks for; what makes no sense there is left out. */
export function filterIn(search: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of filterNames) {
    const value = search.get(name) ?? '';
    if (patterns[name].test(value)) filter[name] = value;
  }
  return filter;
}

/** Midnight of a day by the viewer's clock, epoch ms. */
const dayBegins = (day: string, daysLater = 0): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return String(new Date(year, month - 1, date + daysLater).getTime());
};

/** As the API takes it: days become instants by the viewer's own clock; `to` is the day's end. */
export function queryOf({ from, to, ...same }: Filter): Record<string, string> {
  return {
    ...same,
    ...(from === undefined ? {} : { from: dayBegins(from) }),
    ...(to === undefined ? {} : { to: dayBegins(to, 1) }),
  };
}

/** The address's part after the question mark, always in the same order. */
export const searchOf = (filter: Filter): string =>
  new URLSearchParams(
    filterNames.flatMap((name) => {
      const value = filter[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  ).toString();
