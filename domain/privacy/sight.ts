import type { CallEvent, CallRequested, ToolUsed } from '../call/fact.ts';
import type { Utterance } from '../call/state.ts';
import type { CallSummary } from '../call/summary.ts';
import type { Order } from '../call/supervision.ts';
import { MASK, initialsOf, maskGrowingWords, maskNumber, maskWords } from './mask.ts';
import { maskJson } from './mask-json.ts';

/**
 * How much of a person someone sees (PRIVACY-1): `clear`, all of it; `initials`, names as initials; `masked`, also words
 * without numbers and addresses.
 */
export const sights = ['clear', 'initials', 'masked'] as const;
export type Sight = (typeof sights)[number];

export function nameInSight(name: string, sight: Sight): string;
export function nameInSight(name: string | null, sight: Sight): string | null;
export function nameInSight(name: string | null, sight: Sight): string | null {
  return name === null || sight === 'clear' ? name : initialsOf(name);
}

export function numberInSight(number: string, sight: Sight): string;
export function numberInSight(number: string | null, sight: Sight): string | null;
export function numberInSight(number: string | null, sight: Sight): string | null {
  return number === null || sight === 'clear' ? number : maskNumber(number);
}

export const wordsInSight = (text: string, sight: Sight): string =>
  sight === 'masked' ? maskWords(text) : text;

/** What a tool was given or gave: names and numbers in it are told from other words by their keys. */
export const jsonInSight = (text: string, sight: Sight): string =>
  sight === 'clear' ? text : maskJson(text, sight === 'masked');

/** A call as one row. */
export function summaryInSight<
  Row extends Pick<CallSummary, 'contactName' | 'lastWords' | 'attention' | 'needs' | 'phone' | 'flag'>,
>(call: Row, sight: Sight): Row {
  if (sight === 'clear') return call;
  const { contactName, lastWords, attention, needs, phone, flag } = call;
  return {
    ...call,
    ...(phone === undefined ? {} : { phone: { ...phone, number: numberInSight(phone.number, sight) } }),
    ...(flag === undefined ? {} : { flag: { ...flag, note: wordsInSight(flag.note, sight) } }),
    contactName: nameInSight(contactName, sight),
    lastWords: lastWords === null ? null : { ...lastWords, text: wordsInSight(lastWords.text, sight) },
    ...(needs === undefined
      ? {}
      : { needs: needs.map((need) => ({ ...need, reason: wordsInSight(need.reason, sight) })) }),
    attention: attention === null ? null : { ...attention, reason: wordsInSight(attention.reason, sight) },
  };
}

/** A ledger's entry. Folding masked entries gives the masked state: each is masked by itself. */
export function eventInSight(event: CallEvent, sight: Sight): CallEvent {
  if (sight === 'clear') return event;
  switch (event.type) {
    case 'callRequested':
      return requestInSight(event, sight);
    case 'wordsSpoken':
      return { ...event, text: wordsInSight(event.text, sight) };
    case 'answerRecorded':
      return { ...event, answer: wordsInSight(event.answer, sight) };
    case 'toolUsed':
      return toolInSight(event, sight);
    // What an agent gives as its reason is in its own words.
    case 'humanRequested':
    case 'callEnded':
      return { ...event, reason: wordsInSight(event.reason, sight) };
    case 'orderGiven':
      return { ...event, order: orderInSight(event.order, sight) };
    case 'callFlagged':
      return event.note === null ? event : { ...event, note: wordsInSight(event.note, sight) };
    default:
      return event;
  }
}

/** What tools were given and gave holds what a customer said, and more of them than that. */
function toolInSight({ given, gave, ...event }: ToolUsed & CallEvent, sight: Sight): CallEvent {
  return {
    ...event,
    ...(given === undefined ? {} : { given: jsonInSight(given, sight) }),
    ...(gave === undefined ? {} : { gave: jsonInSight(gave, sight) }),
  };
}

/** What colleagues say of a customer can hold their number. */
function orderInSight(order: Order, sight: Sight): Order {
  switch (order.kind) {
    case 'whisper':
    case 'say':
      return { ...order, text: wordsInSight(order.text, sight) };
    case 'handBack':
      return { ...order, note: order.note === null ? null : wordsInSight(order.note, sight) };
    default:
      return order;
  }
}

function requestInSight(event: CallRequested & CallEvent, sight: Sight): CallEvent {
  const { contact, phone, briefing } = event;
  return {
    ...event,
    contact: { ...contact, name: nameInSight(contact.name, sight) },
    ...(phone === undefined ? {} : { phone: { ...phone, number: numberInSight(phone.number, sight) } }),
    // Filled in with what is known of this person.
    ...(briefing === undefined ? {} : { briefing: { script: MASK, greeting: null, voicemailMessage: null } }),
  };
}

export const eventsInSight = (events: readonly CallEvent[], sight: Sight): readonly CallEvent[] =>
  sight === 'clear' ? events : events.map((event) => eventInSight(event, sight));

export const utterancesInSight = (utterances: readonly Utterance[], sight: Sight): readonly Utterance[] =>
  sight === 'clear'
    ? utterances
    : utterances.map((each) => ({ ...each, text: wordsInSight(each.text, sight) }));

/** Words still being spoken. */
export const growingInSight = <Words extends { readonly text: string }>(words: Words, sight: Sight): Words =>
  sight === 'masked' ? { ...words, text: maskGrowingWords(words.text) } : words;
