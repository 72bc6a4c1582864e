import type { Outcome } from '../../../../domain/call/fact.ts';
import type { Expectation, Scenario } from '../../../../domain/scene/scenario.ts';
import type { Kind } from './words.ts';

/** An expectation as it stands in the form: what its kind does not need is kept, and not sent. */
export interface Row {
  readonly key: number;
  kind: Kind;
  text: string;
  tool: string;
  question: string;
  outcome: Outcome;
}

let keys = 0;
export const blankRow = (): Row => ({
  key: ++keys,
  ...{ kind: 'agentSays', text: '', tool: '', question: '', outcome: 'completed' },
});
export const rowOf = (expectation: Expectation): Row => ({ ...blankRow(), ...expectation });

export const asks = {
  text: (kind: Kind): boolean => kind === 'agentSays' || kind === 'agentNeverSays' || kind === 'notesAnswer',
  tool: (kind: Kind): boolean => kind === 'usesTool' || kind === 'neverUsesTool',
  question: (kind: Kind): boolean => kind === 'notesAnswer',
  outcome: (kind: Kind): boolean => kind === 'endsAs',
};

function expectationOf({ kind, text, tool, question, outcome }: Row): Expectation {
  switch (kind) {
    case 'agentSays':
    case 'agentNeverSays':
      return { kind, text: text.trim() };
    case 'usesTool':
    case 'neverUsesTool':
      return { kind, tool };
    case 'notesAnswer':
      return { kind, question, text: text.trim() };
    case 'endsAs':
      return { kind, outcome };
    default:
      return { kind };
  }
}

/** One line of the field is one of the customer's. */
export const scenarioOf = (
  name: string,
  customerName: string,
  lines: string,
  rows: readonly Row[],
): Scenario => ({
  name: name.trim(),
  customerName: customerName.trim() === '' ? null : customerName.trim(),
  lines: lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
  expectations: rows.map(expectationOf),
});

/** What keeps it from being saved; null: nothing. */
export function problemOf({ name, lines, expectations }: Scenario): string | null {
  if (name === '') return 'Give it a name.';
  if (lines.length === 0) return 'The customer must say something.';
  if (lines.length > 40) return 'The customer says forty lines at most.';
  const empty = expectations.some(
    (each) =>
      ('text' in each && each.text === '') ||
      ('tool' in each && each.tool === '') ||
      ('question' in each && each.question === ''),
  );
  return empty ? 'An expectation is not filled in.' : null;
}
