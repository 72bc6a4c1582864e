/** How what was heard is said back to be confirmed: characters one by one, in groups a listener can hold. */

/** Maker, description, check digit, year and plant, number of its own: 3-5-1-2-6. */
const VIN_GROUPS = [3, 5, 1, 2, 3, 3];

/** "1HGCM82633A004352" → "1 H G, C M 8 2 6, 3, 3 A, 0 0 4, 3 5 2". */
export const readBackVin = (vin: string): string => inGroups(vin, VIN_GROUPS);

/** "robin.vale-2@example.com" → "r o b i n, dot, v a l e, hyphen, 2, at, example dot com". */
export function readBackEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at === -1) return spelled(address);
  // Names of the great hosts are words; a part before them is spelled, for nobody hears "meier" from "mayer".
  return `${spelled(address.slice(0, at))}, at, ${address
    .slice(at + 1)
    .split('.')
    .map((label) => label.replaceAll('-', ' hyphen '))
    .join(' dot ')}`;
}

/** "+12025550143" → "plus 1, 2 0 2, 5 5 5, 0 1 4 3"; others in threes, the last two to four together. */
export function readBackPhone(number: string): string {
  const digits = number.replace(/\D/g, '');
  const plus = number.trim().startsWith('+');
  if (plus && digits.length === 11 && digits.startsWith('1')) return `plus ${inGroups(digits, [1, 3, 3, 4])}`;
  return `${plus ? 'plus ' : ''}${inGroups(digits, threes(digits.length))}`;
}

/** Any other number or code, in threes: "A4471Z" → "A 4 4, 7 1 Z". */
export const readBackCode = (code: string): string => {
  const characters = code.replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase();
  return inGroups(characters, threes(characters.length));
};

const MARKS: Readonly<Record<string, string>> = {
  '.': 'dot',
  '-': 'hyphen',
  _: 'underscore',
  '+': 'plus',
};

const spelled = (text: string): string =>
  (text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu) ?? [])
    .map((part) => MARKS[part] ?? [...part].join(' '))
    .join(', ');

/** Nothing is left alone at the end: 3-3-4 sooner than 3-3-3-1. */
function threes(length: number): number[] {
  const groups = Array.from({ length: Math.floor(length / 3) }, () => 3);
  const rest = length % 3;
  if (rest === 1 && groups.length > 0) groups[groups.length - 1] = 4;
  else if (rest > 0) groups.push(rest);
  return groups;
}

function inGroups(text: string, groups: readonly number[]): string {
  const characters = [...text];
  let from = 0;
  return groups
    .map((size) => characters.slice(from, (from += size)).join(' '))
    .filter(Boolean)
    .join(', ');
}
