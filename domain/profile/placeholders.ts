import { fillIn } from '../lead/script.ts';

/** Anything that was meant to be filled in. */
const ANY = /\{\{([^{}]*)\}\}/g;
const CONTACT_NAME = /\{\{\s*contact\.name\s*\}\}/gi;
const LEAD = /^lead\.[a-z0-9_]{1,40}$/i;

/** What may stand in an agent's instructions, beside a lead's own columns: `{{lead.your_column}}`. */
export const profilePlaceholders = ['contact.name', 'lead.name', 'lead.first_name'] as const;

/** What stands between braces, each once, as it is written. */
export const bracedIn = (text: string): string[] => [
  ...new Set([...text.matchAll(ANY)].map((match) => (match[1] ?? '').trim())),
];

/** Placeholders of instructions that nothing is ever put into. Whether leads have a column is their campaign's to know. */
export const unknownIn = (instructions: string): string[] =>
  bracedIn(instructions).filter((each) => each.toLowerCase() !== 'contact.name' && !LEAD.test(each));

export const namesLead = (instructions: string): boolean =>
  bracedIn(instructions).some((each) => LEAD.test(each));

const nobody = { name: null, email: null, phone: '', fields: {} };

/**
 * Instructions as an agent is told them. What somebody is called is never put among them, because anyone may call themselves
 * anything: they point to where the name stands as data. Placeholders of a lead that nobody filled in become nothing.
 */
export function toldInstructions(instructions: string, contactName: string | null): string {
  const pointer = contactName === null ? 'the customer' : 'the customer (customerName in the call details)';
  return fillIn(instructions.replace(CONTACT_NAME, pointer), nobody).text;
}
