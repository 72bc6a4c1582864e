/**
 * The lab's "model": rules that answer the lab's own lines. Pure, so that a call can be replayed: the same
 * messages always get the same reply.
 */
import { AUTO_SALES } from './auto-sales.ts';
import type { Business, Exchange, ExchangeAction } from './exchange.ts';
import { BUSINESSES, EXCHANGES, UNRECOGNISED_SPEECH } from './phrases.ts';
import { afterVehicleTool, isAboutVehicles, vehicleTurn } from './vehicle-talk.ts';

export interface DialogueMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** For role `tool`: the tool whose result this is, when it is known. */
  readonly toolName?: string;
  /** For role `assistant`: the tools it called, with what it gave them. */
  readonly toolCalls?: readonly ToolCall[];
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
}

/** Words to say, a tool to call, or, at the end of a call, both. */
export interface DialogueReply {
  /** Empty only when there is a tool call. */
  readonly text: string;
  readonly tool?: ToolCall;
}

/** Begins a system message that a supervisor whispers to the agent in the middle of a call. */
export const SUPERVISOR_NOTE = 'SUPERVISOR NOTE:';

const TOOL_REASONS: Readonly<Record<ExchangeAction, string>> = {
  request_human: 'The customer asked to speak with a person.',
  end_call: 'The customer said goodbye.',
  do_not_call: 'The customer does not want to be called.',
  schedule_call_back: 'The customer asked to be called back.',
  record_answer: '',
  read_vehicle: '',
};
/** After the end nothing can be said; what else was done is told once it was. */
const SAID_FIRST: ReadonlySet<ExchangeAction> = new Set(['end_call']);

/**
 * What the agent says or does next.
 *
 * @param messages the conversation so far, the oldest first, with the system prompt
 * @param toolNames the tools offered; an action whose tool is not offered is done in words only
 */
export function nextReply(messages: readonly DialogueMessage[], toolNames: readonly string[]): DialogueReply {
  const reply = withoutNotes(messages, toolNames);
  const fact = untoldFact(messages);
  if (fact === undefined || reply.text === '') return reply;
  // Nobody asked anything since: it is said for the note's sake alone.
  if (speaksUnasked(messages)) return { text: `One more thing: ${sentence(fact)}` };
  return { ...reply, text: weave(reply.text, fact) };
}

function withoutNotes(messages: readonly DialogueMessage[], toolNames: readonly string[]): DialogueReply {
  const business = businessOf(messages);
  const turns = messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  const last = turns.at(-1);
  if (!last) return { text: business.greeting };
  if (last.role === 'tool') return afterTool(last, business, turns, toolNames);
  if (last.role === 'assistant') return { text: 'Are you still there? Take your time.' };
  return answer(last.content, business, turns, toolNames);
}

/** The business whose words the first system prompt uses most; the car dealer when it uses none. */
export function businessOf(messages: readonly DialogueMessage[]): Business {
  const prompt = messages.find(({ role }) => role === 'system' || role === 'developer')?.content ?? '';
  let chosen: Business = AUTO_SALES;
  let most = 0;
  for (const business of Object.values(BUSINESSES)) {
    // The slug is not a coincidence of words: it settles the matter.
    const matches =
      (prompt.match(business.recognisedBy)?.length ?? 0) + (prompt.includes(business.slug) ? 100 : 0);
    if (matches > most) [chosen, most] = [business, matches];
  }
  return chosen;
}

function answer(
  said: string,
  business: Business,
  turns: readonly DialogueMessage[],
  toolNames: readonly string[],
): DialogueReply {
  const vehicle = vehicleTurn(said, turns, toolNames);
  if (vehicle) return vehicle;
  const exchange = exchangeFor(said, business);
  if (exchange?.id === 'once-more') return { text: `Of course. ${lastAnswer(turns) ?? business.greeting}` };
  if (exchange) return act(exchange.agent, exchange.action, toolNames, exchange.arguments);
  if (said.includes(UNRECOGNISED_SPEECH)) return { text: aboutTheLab(turns) };
  if (/\b(?:person|human|colleague|manager|supervisor|operator)\b/i.test(said)) {
    return act('I will ask a colleague to take over as soon as one is free.', 'request_human', toolNames);
  }
  if (/\b(?:good)?bye\b/i.test(said)) return act('Thank you for calling. Goodbye!', 'end_call', toolNames);
  if (isBrokenOff(said)) return { text: 'I think we were cut off. Could you say that again, please?' };
  return { text: business.fallback };
}

function act(
  text: string,
  action: ExchangeAction | undefined,
  toolNames: readonly string[],
  given: Exchange['arguments'] = undefined,
): DialogueReply {
  if (!action || !toolNames.includes(action)) return { text };
  const tool = { name: action, arguments: given ?? { reason: TOOL_REASONS[action] } };
  return SAID_FIRST.has(action) ? { text, tool } : { text: '', tool };
}

/** The exchange whose line was said; when a turn holds several lines, the last of them. */
function exchangeFor(said: string, business: Business): Exchange | undefined {
  const words = plain(said);
  let found: Exchange | undefined;
  let foundAt = -1;
  for (const exchange of [...business.exchanges, ...EXCHANGES]) {
    const at = ` ${words} `.lastIndexOf(` ${plain(exchange.customer)} `);
    if (at > foundAt) [found, foundAt] = [exchange, at];
  }
  return found;
}

function isBrokenOff(said: string): boolean {
  const words = plain(said);
  return (
    words.includes(' ') && EXCHANGES.some((exchange) => plain(exchange.customer).startsWith(`${words} `))
  );
}

function lastAnswer(turns: readonly DialogueMessage[]): string | undefined {
  return turns.findLast(({ role, content }) => role === 'assistant' && content !== '')?.content;
}

function aboutTheLab(turns: readonly DialogueMessage[]): string {
  const alreadyTold = turns.some(
    ({ role, content }) => role === 'assistant' && content.includes('speech key'),
  );
  return alreadyTold
    ? 'Sorry, I still know only the phrases of the lab.'
    : 'Sorry, I did not catch that. I am the voice of the lab, and I understand only the phrases of the lab. ' +
        'With a real speech key set, I will understand everyone.';
}

function afterTool(
  { content, toolName }: DialogueMessage,
  business: Business,
  turns: readonly DialogueMessage[],
  toolNames: readonly string[],
): DialogueReply {
  if (toolName === 'end_call') return { text: 'Take care.' };
  if (isAboutVehicles(toolName)) return afterVehicleTool(toolName, content);
  if (toolName === 'record_answer') {
    const said = turns.findLast(({ role }) => role === 'user')?.content ?? '';
    return { text: exchangeFor(said, business)?.agent ?? 'Thank you. I have noted that.' };
  }
  if (toolName === 'do_not_call') {
    return /\bconfirm/i.test(content)
      ? { text: 'I am sorry for the trouble. Shall we really never call you again?' }
      : act('I have taken your number off our list. Goodbye!', 'end_call', toolNames);
  }
  if (toolName === 'schedule_call_back') {
    return /\bnoted\b/i.test(content)
      ? { text: 'I have noted it. We will call you tomorrow at this time.' }
      : { text: 'I am sorry. When may we call you back?' };
  }
  if (
    /\b(?:unavailable|nobody|no one|not free|busy|failed|error|refused|declined|timed out)\b/i.test(content)
  ) {
    return {
      text: 'I am sorry. All my colleagues are busy at the moment. Can I help you with anything else?',
    };
  }
  if (toolName === undefined || toolName === 'request_human') {
    return { text: 'I am connecting you with a colleague. Please stay on the line.' };
  }
  return { text: 'That is done. What else can I do for you?' };
}

/** The fact of the latest supervisor's note, until an answer after it has told it. */
function untoldFact(messages: readonly DialogueMessage[]): string | undefined {
  const at = messages.findLastIndex(
    ({ role, content }) => (role === 'system' || role === 'developer') && content.startsWith(SUPERVISOR_NOTE),
  );
  const note = messages[at];
  if (!note) return undefined;
  const body = note.content.slice(SUPERVISOR_NOTE.length).trim();
  const fact = quoted(body).trim();
  if (fact === '') return undefined;
  // Not simply "an answer came after": an answer that was cut short must be allowed to try again.
  const told = messages
    .slice(at + 1)
    .some(({ role, content }) => role === 'assistant' && plain(content).includes(plain(fact)));
  return told ? undefined : fact;
}

/** The last turn was the agent's own. */
const speaksUnasked = (messages: readonly DialogueMessage[]): boolean =>
  messages.findLast(({ role }) => role !== 'system' && role !== 'developer')?.role === 'assistant';

const sentence = (fact: string): string => (/[.!?]$/.test(fact) ? fact : `${fact}.`);

/** What the note quotes, in JSON's quotes or in a book's; all of it where it quotes nothing. */
function quoted(body: string): string {
  const json = /"(?:[^"\\]|\\.)*"/.exec(body)?.[0];
  if (json !== undefined) {
    try {
      return String(JSON.parse(json));
    } catch {
      // Quotes, but not JSON's.
    }
  }
  return /["“](.+?)["”]/s.exec(body)?.[1] ?? body;
}

/** Puts the fact behind the first sentence, so that the answer still starts with the answer. */
function weave(text: string, fact: string): string {
  const firstEnd = /[.!?](?=\s|$)/.exec(text);
  const cut = firstEnd ? firstEnd.index + 1 : text.length;
  return `${text.slice(0, cut)} I can also tell you this: ${sentence(fact)}${text.slice(cut)}`;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
