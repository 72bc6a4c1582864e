import type { CallEvent } from '../call/fact.ts';
import type { Utterance } from '../call/state.ts';
import type { CallSummary } from '../call/summary.ts';
import { initialsOf, maskGrowingWords, maskWords } from './mask.ts';

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

export const wordsInSight = (text: string, sight: Sight): string =>
  sight === 'masked' ? maskWords(text) : text;

/** A call as one row. */
export function summaryInSight<Row extends Pick<CallSummary, 'contactName' | 'lastWords' | 'attention'>>(
  call: Row,
  sight: Sight,
): Row {
  if (sight === 'clear') return call;
  const { contactName, lastWords, attention } = call;
  return {
    ...call,
    contactName: nameInSight(contactName, sight),
    lastWords: lastWords === null ? null : { ...lastWords, text: wordsInSight(lastWords.text, sight) },
    attention: attention === null ? null : { ...attention, reason: wordsInSight(attention.reason, sight) },
  };
}

/** A ledger's entry. Folding masked entries gives the masked state: each is masked by itself. */
export function eventInSight(event: CallEvent, sight: Sight): CallEvent {
  if (sight === 'clear') return event;
  switch (event.type) {
    case 'callRequested':
      return { ...event, contact: { ...event.contact, name: nameInSight(event.contact.name, sight) } };
    case 'wordsSpoken':
      return { ...event, text: wordsInSight(event.text, sight) };
    // What an agent gives as its reason is in its own words.
    case 'humanRequested':
    case 'callEnded':
      return { ...event, reason: wordsInSight(event.reason, sight) };
    default:
      return event;
  }
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
