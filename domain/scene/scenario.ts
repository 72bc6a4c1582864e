import type { Outcome } from '../call/fact.ts';

/** What must come of a conversation. Texts are compared without letter case, punctuation and spacing. */
export type Expectation =
  | { readonly kind: 'agentSays'; readonly text: string }
  | { readonly kind: 'agentNeverSays'; readonly text: string }
  /** Used at least once, and it worked. */
  | { readonly kind: 'usesTool'; readonly tool: string }
  | { readonly kind: 'neverUsesTool'; readonly tool: string }
  /** The answer noted to a question of the profile's holds these words. */
  | { readonly kind: 'notesAnswer'; readonly question: string; readonly text: string }
  | { readonly kind: 'endsAs'; readonly outcome: Outcome }
  | { readonly kind: 'asksForPerson' }
  | { readonly kind: 'promisesCallBack' }
  | { readonly kind: 'marksDoNotCall' };

/** A conversation a profile is tried with: a customer who says these lines, each when the agent has answered the one before. */
export interface Scenario {
  readonly name: string;
  readonly customerName: string | null;
  readonly lines: readonly string[];
  readonly expectations: readonly Expectation[];
}

/** How one expectation was met, and by what: the agent's words, a tool's use. */
export interface Check {
  readonly expectation: Expectation;
  readonly met: boolean;
  /** One sentence for people. */
  readonly because: string;
}

export interface ScenarioVerdict {
  /** All of them were met, and the conversation was held to its end. */
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** Why it was not held; null when it was. */
  readonly problem: string | null;
}
