import type { ProfileContent } from '../../../../protocol/profile.ts';
import { fieldLabel, providerLabel, toolLabel } from './words.ts';

/** One field that two versions of an agent do not share, each side in words; an empty side says nothing. */
export interface FieldChange {
  readonly field: keyof ProfileContent;
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** In the order of the form. Pure. */
export function changedFields(before: ProfileContent, after: ProfileContent): readonly FieldChange[] {
  return (Object.keys(fieldLabel) as (keyof ProfileContent)[]).flatMap((field) => {
    const [one, other] = [wordsOf(before, field), wordsOf(after, field)];
    return one === other ? [] : [{ field, label: fieldLabel[field], before: one, after: other }];
  });
}

type Model = ProfileContent['hearing'][number];
const modelWords = ({ provider, model, voice }: Model): string =>
  [providerLabel[provider], model ?? 'its usual model', ...(voice === null ? [] : [`voice ${voice}`])].join(
    ', ',
  );

const recordingWords = { on: 'From the start', off: 'Never', afterConsent: 'Once the consent line was said' };

/** One line for each thing that a list holds, so that lines compare. */
function wordsOf(content: ProfileContent, field: keyof ProfileContent): string {
  switch (field) {
    case 'hearing':
    case 'thinking':
    case 'speaking':
      return content[field].map((each, at) => `${at + 1}. ${modelWords(each)}`).join('\n');
    case 'realtime':
      return content.realtime === null ? '' : modelWords(content.realtime);
    case 'tools':
      return content.tools
        .map((each) => toolLabel[each])
        .sort()
        .join('\n');
    case 'httpTools':
      return [...content.httpTools].sort().join('\n');
    case 'otherLanguages':
      return content.otherLanguages.join('\n');
    case 'questions':
      return content.questions.map(({ key, question }) => `${key}: ${question}`).join('\n');
    case 'maximumDurationS':
      return `${content.maximumDurationS} seconds`;
    case 'maximumSpendMicros':
      return content.maximumSpendMicros === null ? '' : `$${content.maximumSpendMicros / 1_000_000}`;
    case 'silence': {
      const { askAfterS, asks, line } = content.silence;
      return `After ${askAfterS} seconds, ${asks} times\n${line}`;
    }
    case 'recording':
      return recordingWords[content.recording];
    default:
      return String(content[field] ?? '');
  }
}

/** A run of lines that stayed, went or came. */
export interface LineRun {
  readonly kind: 'same' | 'gone' | 'new';
  readonly lines: readonly string[];
}

/** Whoever compares fetches what finds the lines. */
export async function lineRuns(before: string, after: string): Promise<readonly LineRun[]> {
  const { diffArrays } = await import('diff');
  return diffArrays(linesOf(before), linesOf(after)).map(({ added, removed, value }) => ({
    kind: added ? 'new' : removed ? 'gone' : 'same',
    lines: value,
  }));
}

/** Nothing is no line. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.split('\n'));

/** A row of two columns: lines that changed stand beside each other. */
export interface SideRow {
  readonly before: string | null;
  readonly after: string | null;
  readonly changed: boolean;
}

export function sideBySide(runs: readonly LineRun[]): readonly SideRow[] {
  const rows: SideRow[] = [];
  let gone: readonly string[] = [];
  const pair = (lines: readonly string[]): void => {
    for (let at = 0; at < Math.max(gone.length, lines.length); at++)
      rows.push({ before: gone[at] ?? null, after: lines[at] ?? null, changed: true });
    gone = [];
  };
  for (const { kind, lines } of runs) {
    if (kind === 'gone') {
      pair([]);
      gone = lines;
    } else if (kind === 'new') pair(lines);
    else {
      pair([]);
      rows.push(...lines.map((line) => ({ before: line, after: line, changed: false })));
    }
  }
  pair([]);
  return rows;
}
