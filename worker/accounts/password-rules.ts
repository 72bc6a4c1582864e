import type { FieldError } from '../../protocol/field-errors.ts';

/** As many characters as are asked for, counted as they are hashed: in the form NFKC. */
const SHORTEST = 12;

/** What is wrong with a password that is to be set; null when nothing is. Its length in bytes the contract bounds. */
export function passwordProblem(password: string, email: string, field: string): FieldError | null {
  const form = password.normalize('NFKC');
  if ([...form].length < SHORTEST) return { field, problem: `shorter than ${SHORTEST} characters` };
  if (form.toLowerCase() === email.normalize('NFKC').toLowerCase()) {
    return { field, problem: 'the e-mail address itself' };
  }
  return null;
}
