import type { Expectation } from '../../../../domain/scene/scenario.ts';
import type { ScenarioRun } from '../api/scenarios.ts';
import { outcomeLabel, type Tone } from '../call/words.ts';

/** How a scenario's latest try stands; null: it was never tried. */
export function runState(run: ScenarioRun | null): { readonly label: string; readonly tone: Tone } {
  if (run === null) return { label: 'Never tried', tone: 'quiet' };
  const { verdict } = run;
  if (verdict === null) return { label: 'Being held', tone: 'live' };
  if (verdict.passed) return { label: 'Passed', tone: 'live' };
  if (verdict.problem !== null) return { label: 'Not held', tone: 'attention' };
  const failed = verdict.checks.filter(({ met }) => !met).length;
  return { label: `${failed} of ${verdict.checks.length} not met`, tone: 'attention' };
}

export type Kind = Expectation['kind'];

/** What is expected, as the list of choices has it. */
export const kindLabel: Readonly<Record<Kind, string>> = {
  agentSays: 'The agent says',
  agentNeverSays: 'The agent never says',
  usesTool: 'It uses the tool',
  neverUsesTool: 'It never uses the tool',
  notesAnswer: 'It notes the answer',
  endsAs: 'The call ends as',
  asksForPerson: 'It asks for a person',
  promisesCallBack: 'It notes a call back',
  marksDoNotCall: 'It notes that nobody is to call again',
};

export function expectationWords(expectation: Expectation): string {
  const label = kindLabel[expectation.kind];
  switch (expectation.kind) {
    case 'agentSays':
    case 'agentNeverSays':
      return `${label} “${expectation.text}”`;
    case 'usesTool':
    case 'neverUsesTool':
      return `${label} ${expectation.tool}`;
    case 'notesAnswer':
      return `${label} “${expectation.text}” to ${expectation.question}`;
    case 'endsAs':
      return `${label} “${outcomeLabel[expectation.outcome]}”`;
    default:
      return label;
  }
}
