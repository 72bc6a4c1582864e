/** What stands for something that is not shown. It says nothing of its length. */
export const MASK = '••••';

const INITIALS_AT_MOST = 3;

/** "Robin Hood" → "R. H."; a name without letters is masked whole. Initials of initials are the same. */
export function initialsOf(name: string): string {
  const letters = name.split(/\s+/u).flatMap((part) => {
    const [letter] = /\p{L}/u.exec(part) ?? [];
    // One code point: some letters have two in upper case.
    return letter === undefined ? [] : [[...letter.toUpperCase()][0] ?? letter];
  });
  if (letters.length === 0) return name === '' ? '' : MASK;
  return letters
    .slice(0, INITIALS_AT_MOST)
    .map((letter) => `${letter}.`)
    .join(' ');
}

/** "+12025550143" → "••••43": enough to tell two callers apart. */
export const maskNumber = (number: string): string => `${MASK}${number.slice(-2)}`;

/** Between the digits of one number as it is written or dictated. */
const BETWEEN = String.raw`[\s.,()/\-–—·]{0,4}`;
const NUMBERS = new RegExp(String.raw`\+?\(?\p{Nd}(?:${BETWEEN}\p{Nd}){3,}\)?`, 'gu');
const GROWING_NUMBER = new RegExp(String.raw`\+?\(?\p{Nd}(?:${BETWEEN}\p{Nd})*${BETWEEN}$`, 'u');

/** Vehicles' and documents' numbers: long, letters and digits together. */
const TOKENS = /(?<![\p{L}\p{Nd}])[\p{L}\p{Nd}](?:-?[\p{L}\p{Nd}]){7,}(?![\p{L}\p{Nd}])/gu;
const SPELLED_TOKENS = /(?<![\p{L}\p{Nd}])(?:[\p{L}\p{Nd}][\s.,-]{1,3}){7,}[\p{L}\p{Nd}](?![\p{L}\p{Nd}])/gu;
const TOKEN_DIGITS = 3;

/** "robin at example dot com", as it is said. */
const SAID_ADDRESSES = /(?<!\S)(?!••••\s)\S+\s+at\s+\S+(?:\s+dot\s+[^\s.,;:!?]+)+/giu;

/**
 * Words without what identifies: e-mail addresses, numbers of four digits and more however they are parted, and long
 * tokens of letters and digits. Everything else stays. It is linear in the text's length, and masking again changes nothing.
 */
export function maskWords(text: string): string {
  return text
    .replace(/\S+/gu, maskAddress)
    .replace(SPELLED_TOKENS, maskToken)
    .replace(TOKENS, maskToken)
    .replace(NUMBERS, MASK)
    .replace(SAID_ADDRESSES, MASK);
}

/** Words still being spoken: the number at their end may be growing, so that none of it is shown yet. */
export function maskGrowingWords(text: string): string {
  return maskWords(text).replace(GROWING_NUMBER, MASK);
}

function maskAddress(token: string): string {
  if (!/[^@]@[^@]/u.test(token)) return token;
  const [after = ''] = /[.,;:!?)]*$/u.exec(token) ?? [];
  return `${MASK}${after}`;
}

function maskToken(token: string): string {
  return (token.match(/\p{Nd}/gu) ?? []).length >= TOKEN_DIGITS && /\p{L}/u.test(token) ? MASK : token;
}
