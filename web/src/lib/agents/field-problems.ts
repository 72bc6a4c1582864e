import * as z from 'zod/mini';
import { problemsOf } from '../../../../domain/profile/problems.ts';
import { ProfileContentSchema, type ProfileContent } from '../../../../protocol/profile.ts';

/** What is wrong with an agent, by the field it is wrong with: `questions.0.key`. */
export interface FieldProblems {
  /** With these it cannot even be kept as a draft. */
  readonly unsavable: ReadonlyMap<string, string>;
  /** With these it cannot be published or tried. */
  readonly unready: ReadonlyMap<string, string>;
}

export function fieldProblems(content: ProfileContent, httpTools: readonly string[]): FieldProblems {
  const decoded = z.safeParse(ProfileContentSchema, content);
  const unsavable = new Map<string, string>();
  for (const issue of decoded.error?.issues ?? []) {
    const field = fieldOf(issue.path.map(String));
    if (!unsavable.has(field)) unsavable.set(field, issueWords(issue));
  }
  const unready = new Map<string, string>();
  for (const { field, message } of decoded.success ? problemsOf(content, httpTools) : [])
    unready.set(field, message);
  return { unsavable, unready };
}

/** The form's own name of a field where it shows several as one. */
function fieldOf(path: readonly string[]): string {
  const [first = ''] = path;
  if (first === 'otherLanguages' || first === 'httpTools') return first;
  return first === 'maximumSpendMicros' ? 'maximumDollars' : path.join('.');
}

function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string' ? 'Say something here.' : `At least ${amount(issue, issue.minimum)}.`;
    case 'too_big':
      return issue.origin === 'string'
        ? `At most ${issue.maximum} characters.`
        : `At most ${amount(issue, issue.maximum)}.`;
    case 'invalid_format':
      return formatWords(issue.path.map(String));
    case 'invalid_type':
      return 'A number is needed here.';
    default:
      return 'This cannot be so.';
  }
}

/** Of money the schema counts millionths. */
const amount = (issue: z.core.$ZodIssue, value: number | bigint): string =>
  issue.path[0] === 'maximumSpendMicros' ? `$${Number(value) / 1_000_000}` : String(value);

function formatWords(path: readonly string[]): string {
  switch (path[0]) {
    case 'language':
    case 'otherLanguages':
      return 'Languages are written en-US, de-DE, fr.';
    case 'questions':
      return 'Lower-case letters, digits and underscores, a letter first.';
    default:
      return 'Say something here.';
  }
}
