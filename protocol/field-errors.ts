import type * as z from 'zod/mini';

/** One wrong field: where it is, and what is wrong with it. Never its content, which may be personal data. */
export interface FieldError {
  readonly field: string;
  readonly problem: string;
}

/** Every wrong field, at most twenty. Unknown fields are named one by one. */
export function fieldErrors(error: z.core.$ZodError, root: string): FieldError[] {
  return error.issues.slice(0, 20).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.slice(0, 20).map((key) => ({
        field: [...path, key].join('.').slice(0, 120),
        problem: 'unknown field',
      }));
    }
    return [{ field: path.join('.').slice(0, 120) || root, problem: wordsFor(issue) }];
  });
}

/** A check of our own says it in words of ours. */
const wordsFor = (issue: z.core.$ZodIssue): string =>
  problems[issue.code] ?? (issue.code === 'custom' ? issue.message : issue.code);

const problems: Partial<Record<string, string>> = {
  invalid_type: 'missing or of the wrong type',
  invalid_value: 'not one of the values it may have',
  invalid_format: 'not in the form it must have',
  invalid_union: 'none of the forms it may have',
  too_big: 'too large or too long',
  too_small: 'too small or too short',
  not_multiple_of: 'not a multiple of what it must be',
};
