import type { Profile } from './profile.ts';

const NAME = /\{\{\s*contact\.name\s*\}\}/gi;
const NAME_LETTERS = 120;

/**
 * A text of the profile with whom it speaks to in place of `{{contact.name}}`: as data, one quoted line, whatever it holds. What
 * is put in is not looked at again.
 */
export const filledIn = (text: string, contact: { readonly name: string | null }): string =>
  text.replace(NAME, () => (contact.name === null ? 'the customer' : asQuoted(contact.name)));

const asQuoted = (name: string): string =>
  JSON.stringify(
    name
      .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/[{}"]/g, '')
      .trim()
      .slice(0, NAME_LETTERS),
  );

/** The questions and their keys, as the model is told them; nothing where there are none. */
export function questionsFor({ questions, tools }: Pick<Profile, 'questions' | 'tools'>): string[] {
  if (questions.length === 0) return [];
  const note = tools.includes('record_answer')
    ? ' Note each answer with record_answer under its key as soon as you have it.'
    : '';
  return [
    `Find out the following, one question at a time, in your own words.${note}`,
    ...questions.map(({ key, question }) => `- ${key}: ${question}`),
  ];
}
