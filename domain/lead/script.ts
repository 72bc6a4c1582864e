import type { Lead } from './lead.ts';

type Told = Pick<Lead, 'name' | 'email' | 'phone' | 'fields'>;

/** `{{lead.vehicle}}`, spaces allowed inside; in any letter case. */
const PLACEHOLDER = /\{\{\s*lead\.([a-z0-9_]{1,40})\s*\}\}/gi;

/** A script with a lead's data where placeholders stand. `unknown` names those that the lead has no value for: they become nothing. */
export function fillIn(template: string, lead: Told): { text: string; unknown: string[] } {
  const unknown = new Set<string>();
  // A function's result is put in as it is: `$&` in a name means nothing, and what was put in is not looked at again.
  const text = template.replace(PLACEHOLDER, (_whole, key: string) => {
    const name = key.toLowerCase();
    const value = valueOf(lead, name);
    if (value === null) unknown.add(name);
    return value === null ? '' : asData(value);
  });
  return { text, unknown: [...unknown] };
}

/** Names of the placeholders of a template, each once, without `lead.`. */
export const placeholdersOf = (template: string): string[] => [
  ...new Set([...template.matchAll(PLACEHOLDER)].map((match) => (match[1] ?? '').toLowerCase())),
];

/** What every lead has, or may have, beside its own fields. */
export const ownPlaceholders = ['name', 'first_name', 'email', 'phone'] as const;

function valueOf({ name, email, phone, fields }: Told, key: string): string | null {
  switch (key) {
    case 'name':
      return name;
    case 'first_name':
      // A column of that name says it better than our guess.
      return own(fields, key) ?? name?.trim().split(/\s+/)[0] ?? null;
    case 'email':
      return email;
    case 'phone':
      return phone;
    default:
      return own(fields, key);
  }
}

const own = (fields: Readonly<Record<string, string>>, key: string): string | null =>
  Object.hasOwn(fields, key) ? (fields[key] ?? null) : null;

/** A value is data within the agent's instructions: one line, and no braces that could be taken for a placeholder later. */
const asData = (value: string): string =>
  value
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[{}]/g, '')
    .trim();
