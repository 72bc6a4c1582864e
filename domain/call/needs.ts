import type { CallState, Utterance } from './state.ts';
import { isAngry, saysDidNotCatch, saysNotUnderstood } from './telling-words.ts';
import { customerPresent, presentAgent } from './state.ts';

export type NeedKind =
  'humanAsked' | 'nobodyServes' | 'anger' | 'misunderstood' | 'toolFailing' | 'slow' | 'silence';

/** Why somebody should look at a call now (NEED-1). */
export interface Need {
  readonly kind: NeedKind;
  /** A sentence for people. An agent's own words where the customer asked for a person, else ours. */
  readonly reason: string;
  /** 0 to 100: what is looked at first. */
  readonly weight: number;
  readonly sinceMs: number;
}

/** What is worth waking somebody for. */
export const WORTH_A_NOTICE = 60;
/** How many of the latest utterances are judged: what was said long ago has been answered. */
const LATEST = 12;
/** So often within the latest is no accident. */
const MISUNDERSTANDINGS = 2;
const TOOL_FAILURES = 2;
/** The last exchanges, each slower than this, ms. */
const SLOW_TURNS = 3;
export const SLOW_TURN_MS = 3_000;
/** Nobody says a word, ms. */
export const LONG_SILENCE_MS = 20_000;

/** Everything that speaks for looking at this call, strongest first; none before it is answered or after its end. No clock: what only time tells is {@link silenceOf}. */
export function needsOf(call: CallState): readonly Need[] {
  if (call.end !== null) return [];
  return [
    humanAsked(call),
    nobodyServes(call),
    anger(call),
    misunderstood(call),
    toolFailing(call),
    slow(call),
  ]
    .filter((need) => need !== null)
    .sort((a, b) => b.weight - a.weight);
}

function humanAsked({ attention }: CallState): Need | null {
  return attention === null ? null : { kind: 'humanAsked', weight: 100, ...attention };
}

/** The customer waits and no agent is there. */
function nobodyServes(call: CallState): Need | null {
  if (!customerPresent(call) || presentAgent(call) !== null || call.agents.length === 0) return null;
  const sinceMs = call.callBackPromisedAtMs ?? call.searchingSinceMs ?? call.lastEventAtMs;
  return { kind: 'nobodyServes', reason: 'The agent was lost and the customer waits', weight: 90, sinceMs };
}

function anger(call: CallState): Need | null {
  const angry = latest(call).filter((each) => each.speaker === 'customer' && isAngry(each.text));
  const [first] = angry;
  if (first === undefined) return null;
  return {
    kind: 'anger',
    reason: angry.length > 1 ? 'The customer is angry, again' : 'The customer sounds angry',
    weight: angry.length > 1 ? 80 : 70,
    sinceMs: first.startedAtMs,
  };
}

function misunderstood(call: CallState): Need | null {
  const failed = latest(call).filter(({ speaker, text }) =>
    speaker === 'customer' ? saysNotUnderstood(text) : speaker === 'agent' && saysDidNotCatch(text),
  );
  const second = failed[MISUNDERSTANDINGS - 1];
  if (second === undefined) return null;
  return {
    kind: 'misunderstood',
    reason: `They did not understand each other ${failed.length} times`,
    weight: 60,
    sinceMs: second.startedAtMs,
  };
}

function toolFailing({ toolFailures }: CallState): Need | null {
  if (toolFailures === undefined || toolFailures.inRow < TOOL_FAILURES) return null;
  const { tool, inRow, sinceMs } = toolFailures;
  return { kind: 'toolFailing', reason: `${tool} failed ${inRow} times in a row`, weight: 50, sinceMs };
}

function slow({ turns, lastEventAtMs }: CallState): Need | null {
  const last = turns.slice(-SLOW_TURNS);
  if (last.length < SLOW_TURNS || last.some(({ totalMs }) => totalMs <= SLOW_TURN_MS)) return null;
  const seconds = (Math.max(...last.map(({ totalMs }) => totalMs)) / 1_000).toFixed(1);
  return {
    kind: 'slow',
    reason: `The agent takes up to ${seconds} s to answer`,
    weight: 40,
    sinceMs: lastEventAtMs,
  };
}

const latest = ({ transcript }: CallState): readonly Utterance[] => transcript.slice(-LATEST);

/**
 * What only time tells.
 *
 * @param lastHeardAtMs when anybody was last heard, or the call was answered; null before
 */
export function silenceOf(lastHeardAtMs: number | null, nowMs: number): Need | null {
  if (lastHeardAtMs === null || nowMs - lastHeardAtMs < LONG_SILENCE_MS) return null;
  const seconds = Math.floor((nowMs - lastHeardAtMs) / 1_000);
  return {
    kind: 'silence',
    reason: `Nobody has said a word for ${seconds} s`,
    weight: 45,
    sinceMs: lastHeardAtMs,
  };
}
