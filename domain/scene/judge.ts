import type { CallEvent } from '../call/fact.ts';
import type { CallState } from '../call/state.ts';
import type { Check, Expectation, Scenario, ScenarioVerdict } from './scenario.ts';

/**
 * What came of a conversation that was held for a scenario, by its ledger alone (SCENE-2): whoever judges it again comes to the
 * same. Null while it goes on.
 */
export function judgeScenario(
  scenario: Scenario,
  call: CallState,
  ledger: readonly CallEvent[],
): ScenarioVerdict | null {
  if (call.end === null) return null;
  const problem = whyNotHeld(scenario, call);
  const checks = scenario.expectations.map((expectation): Check => {
    const because = found(expectation, call, ledger);
    const forbids = expectation.kind === 'agentNeverSays' || expectation.kind === 'neverUsesTool';
    const met = forbids ? because === null : because !== null;
    return { expectation, met, because: because ?? nothing(expectation) };
  });
  return { passed: problem === null && checks.every(({ met }) => met), checks, problem };
}

/** A conversation that broke off proves nothing. */
function whyNotHeld({ lines }: Scenario, { answeredAtMs, end, transcript }: CallState): string | null {
  if (answeredAtMs === null) return 'No agent host took it.';
  if (end?.outcome === 'agentFailed') return 'The agent failed.';
  const said = transcript.filter(({ speaker }) => speaker === 'customer').length;
  const agentEnded = end?.endedBy === 'agent';
  return said < lines.length && !agentEnded ? `It broke off after ${said} of ${lines.length} lines.` : null;
}

/** In words and digits alone. */
const plain = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

/** What meets it (or breaks it, where it forbids); null where there is nothing of the kind. */
function found(expectation: Expectation, call: CallState, ledger: readonly CallEvent[]): string | null {
  switch (expectation.kind) {
    case 'agentSays':
    case 'agentNeverSays': {
      const wanted = plain(expectation.text);
      const words = call.transcript.find(
        ({ speaker, text }) => speaker === 'agent' && plain(text).includes(wanted),
      );
      return words === undefined ? null : `The agent said “${words.text}”`;
    }
    case 'usesTool':
    case 'neverUsesTool': {
      const uses = ledger.filter((event) => event.type === 'toolUsed' && event.tool === expectation.tool);
      const worked = uses.some((event) => event.type === 'toolUsed' && event.succeeded);
      if (expectation.kind === 'usesTool') return worked ? `${expectation.tool} was used.` : null;
      return uses.length === 0 ? null : `${expectation.tool} was used.`;
    }
    case 'notesAnswer': {
      const noted = call.answers?.find(({ question }) => question === expectation.question);
      return noted !== undefined && plain(noted.answer).includes(plain(expectation.text))
        ? `Noted: “${noted.answer}”`
        : null;
    }
    case 'endsAs':
      return call.end?.outcome === expectation.outcome ? `It ended as ${expectation.outcome}.` : null;
    case 'asksForPerson': {
      const asked = ledger.find((event) => event.type === 'humanRequested');
      return asked === undefined ? null : 'A person was asked for.';
    }
    case 'promisesCallBack':
      return call.callBackForAtMs === undefined ? null : 'A call back was noted.';
    case 'marksDoNotCall':
      return call.doNotCall === true ? 'The customer is not to be called again.' : null;
  }
}

function nothing(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'agentSays':
      return 'The agent never said so.';
    case 'agentNeverSays':
      return 'The agent did not say so.';
    case 'usesTool':
      return `${expectation.tool} was not used, or did not work.`;
    case 'neverUsesTool':
      return `${expectation.tool} was not used.`;
    case 'notesAnswer':
      return `No such answer was noted for ${expectation.question}.`;
    case 'endsAs':
      return `It did not end as ${expectation.outcome}.`;
    case 'asksForPerson':
      return 'No person was asked for.';
    case 'promisesCallBack':
      return 'No call back was noted.';
    case 'marksDoNotCall':
      return 'Nobody was marked as not to be called.';
  }
}
