import type { Mapping } from '../../../../protocol/api/imports.ts';

type Column = Mapping['columns'][number];
type Meaning = Column['meaning'];

/** What headings usually mean, in the languages of our first customers; the first that fits wins. */
const guesses: readonly (readonly [Exclude<Meaning, 'field' | 'ignore'>, RegExp])[] = [
  [
    'phone',
    /^(phone|phone_?number|mobile|mobile_?phone|cell|cell_?phone|telephone|tel|number|telefon|handy|telefono|msisdn)$/,
  ],
  ['firstName', /^(first_?name|given_?name|vorname|forename)$/],
  ['lastName', /^(last_?name|surname|family_?name|nachname)$/],
  ['name', /^(name|full_?name|contact|contact_?name|customer|lead)$/],
  ['email', /^(e_?mail|e_?mail_?address|mail)$/],
  ['zone', /^(zone|time_?zone|tz|timezone)$/],
  ['postalCode', /^(postal_?code|post_?code|zip|zip_?code|plz)$/],
  ['consent', /^(consent|opt_?in|consent_?given)$/],
];

/** How a script would name a heading: `Make & model` becomes `make_model`. */
export const fieldNameOf = (heading: string): string =>
  heading
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);

/** A first mapping: each meaning once, other columns as fields of their own name, ours of a file of rejects left out. */
export function guessColumns(headings: readonly string[]): Column[] {
  const meanings = new Set<Meaning>();
  const fields = new Set<string>();
  return headings.map((heading, at): Column => {
    if (/^_(row|code|problem)$/.test(heading)) return { heading, meaning: 'ignore', field: null };
    const name = fieldNameOf(heading);
    const [meaning] = guesses.find(([each, words]) => words.test(name) && !meanings.has(each)) ?? [];
    if (meaning !== undefined) {
      meanings.add(meaning);
      return { heading, meaning, field: null };
    }
    const field = name === '' || fields.has(name) ? `column_${at + 1}` : name;
    fields.add(field);
    return { heading, meaning: 'field', field };
  });
}
