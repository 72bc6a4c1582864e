import { plainCharacters, spelledRuns } from '../speech/spelled.ts';

/** One side's words, whole or cut where it was cut. */
export interface Turn {
  readonly speaker: 'agent' | 'customer';
  readonly text: string;
}

/**
 * Whether the customer was heard right after the agent had read all of it back (TOOL-3): what the agent said between the
 * customer's last two turns holds each of these. What was cut short does not.
 */
export function wasReadBack(turns: readonly Turn[], parts: readonly ReadBackPart[]): boolean {
  const answer = turns.findLastIndex(({ speaker }) => speaker === 'customer');
  if (answer === -1) return false;
  const before = turns.slice(0, answer);
  const asked = before.findLastIndex(({ speaker }) => speaker === 'customer');
  const said = before
    .slice(asked + 1)
    .map(({ text }) => text)
    .join(' ');
  return parts.every((part) => holds(said, part));
}

/** What must have been said: a code character by character, a name, a year. */
export type ReadBackPart =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'year'; readonly year: number };

function holds(said: string, part: ReadBackPart): boolean {
  switch (part.kind) {
    case 'code':
      return (
        plainCharacters(said).includes(part.code) || spelledRuns(said).some((run) => run.includes(part.code))
      );
    case 'name':
      return plainCharacters(said).includes(plainCharacters(part.name));
    case 'year':
      return yearsAsSaid(part.year).some((form) => plainWords(said).includes(` ${form} `));
  }
}

const plainWords = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `;

const ONES = [
  ...['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function underHundred(number: number): string {
  if (number < 20) return ONES[number] ?? '';
  return `${TENS[Math.floor(number / 10)] ?? ''} ${ONES[number % 10] ?? ''}`.trim();
}

/** "2003", "two thousand three", "two thousand and three", "twenty oh three"; lower case, single spaces. */
export function yearsAsSaid(year: number): string[] {
  const [century, rest] = [Math.floor(year / 100), year % 100];
  const hundreds = underHundred(century);
  const pair =
    rest === 0 ? [`${hundreds} hundred`] : [`${hundreds} ${rest < 10 ? 'oh ' : ''}${underHundred(rest)}`];
  const thousands =
    century === 20
      ? [`two thousand ${underHundred(rest)}`.trim(), `two thousand and ${underHundred(rest)}`]
      : [];
  return [String(year), ...pair, ...thousands];
}
