import { MASK, initialsOf, maskNumber, maskWords } from './mask.ts';

/** Keys whose values name a person, whatever the tool calls them exactly: `customerName`, `first_name`. */
const NAME_KEY = /(^|[a-z_-])names?$/i;
/** Names of things. */
const THING_KEY =
  /(^|[_-])(file|tool|model|make|product|campaign|profile|agent|host|event|field|type)_?names?$/i;
const PHONE_KEY = /phone|mobile|telefon|^fax|^tel$/i;

/**
 * JSON text with its values masked: people's names as initials and their numbers by the end, and where `alsoWords` also
 * words without what identifies. It stays JSON. Of text that was cut in the middle nothing is shown, since it cannot be told
 * what in it is a name. Masking again changes nothing.
 */
export function maskJson(text: string, alsoWords: boolean): string {
  const parsed = parse(text);
  return parsed === undefined ? JSON.stringify(MASK) : JSON.stringify(masked(parsed.value, '', alsoWords));
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function masked(value: unknown, key: string, alsoWords: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => masked(each, key, alsoWords));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        alsoWords ? maskWords(name) : name,
        masked(each, name, alsoWords),
      ]),
    );
  }
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const text = String(value);
  const shown = maskedText(text, key, alsoWords);
  return shown === text ? value : shown;
}

function maskedText(text: string, key: string, alsoWords: boolean): string {
  if (NAME_KEY.test(key) && !THING_KEY.test(key)) return initialsOf(text);
  if (PHONE_KEY.test(key) && /\d/.test(text)) return maskNumber(text);
  return alsoWords ? maskWords(text) : text;
}
