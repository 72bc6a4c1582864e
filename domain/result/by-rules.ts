import { isAngry } from '../call/telling-words.ts';
import type { Conversation } from './conversation.ts';
import type { CallResult, Disposition, Interest, Quote } from './result.ts';
import {
  considers,
  declines,
  displeased,
  hesitates,
  isSomebodyElse,
  pleased,
  wants,
} from './telling-words.ts';

const MAX_QUOTES = 3;
const MAX_TOPICS = 5;
const QUOTE_LENGTH = 160;

/** What a call came to by its events and by words that tell; honest about what it cannot know. Pure. */
export function judgeByRules(conversation: Conversation): CallResult {
  const said = conversation.utterances.filter(({ speaker }) => speaker === 'customer');
  const interest = interestIn(said);
  const disposition = conversation.known ?? dispositionBy(said, interest);
  return {
    source: 'rules',
    model: null,
    summary: summaryOf(conversation, said.length, interest),
    disposition,
    interest: { level: interest.level, quotes: interest.quotes },
    sentiment: said.map(({ utteranceId, text }) => ({ utteranceId, value: moodOf(text) })),
    answers: [],
    nextStep: nextSteps[disposition],
    callBackAtMs: conversation.callBackAtMs,
    topics: topicsOf(said.map(({ text }) => text)),
    withheld: conversation.withheld,
  };
}

interface Reckoned {
  readonly level: Interest;
  readonly quotes: readonly Quote[];
  /** The customer said no, and nothing else since. */
  readonly declined: boolean;
}

type Said = Conversation['utterances'][number];

/** What was said last counts: who declines and then wants it after all wants it. */
function interestIn(said: readonly Said[]): Reckoned {
  let level: Interest = 'none';
  let declined = false;
  let quotes: Quote[] = [];
  const take = (to: Interest, { utteranceId, text }: Said): void => {
    if (order[to] < order[level] && !declined) return;
    if (to !== level || declined) quotes = [];
    [level, declined] = [to, false];
    quotes.push({ utteranceId, text: text.trim().slice(0, QUOTE_LENGTH) });
  };
  for (const each of said) {
    if (declines.test(each.text) || isSomebodyElse.test(each.text)) {
      [level, declined] = ['none', true];
      quotes = [{ utteranceId: each.utteranceId, text: each.text.trim().slice(0, QUOTE_LENGTH) }];
    } else if (wants.test(each.text)) take('high', each);
    else if (considers.test(each.text)) take('medium', each);
    else if (hesitates.test(each.text)) take('low', each);
  }
  return { level, declined, quotes: quotes.slice(-MAX_QUOTES) };
}

const order: Readonly<Record<Interest, number>> = { none: 0, low: 1, medium: 2, high: 3 };

function dispositionBy(said: readonly Said[], { level, declined }: Reckoned): Disposition {
  if (said.some(({ text }) => isSomebodyElse.test(text))) return 'wrongPerson';
  if (declined) return 'notInterested';
  return level === 'medium' || level === 'high' ? 'interested' : 'unclear';
}

function moodOf(text: string): number {
  if (isAngry(text)) return -2;
  if (displeased.test(text) || declines.test(text)) return -1;
  if (wants.test(text)) return 2;
  return pleased.test(text) ? 1 : 0;
}

function summaryOf({ known, talkedMs }: Conversation, spoke: number, { level, quotes }: Reckoned): string {
  if (known === 'notReached') return 'Nobody was reached.';
  if (known === 'voicemail') return 'A machine took the call.';
  const seconds = Math.round((talkedMs ?? 0) / 1_000);
  const length = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  if (spoke === 0) return `They were connected for ${length}; the customer said nothing.`;
  const [quote] = quotes;
  const telling = quote === undefined ? '' : ` The customer said: “${quote.text}”`;
  return `They talked for ${length}. By the words, interest is ${level}.${telling}`;
}

const nextSteps: Readonly<Record<Disposition, string | null>> = {
  interested: 'Follow up while it is fresh.',
  notInterested: null,
  callBack: 'Call back at the time the customer asked for.',
  doNotCall: 'Never call again.',
  wrongPerson: 'Find the right number.',
  voicemail: 'Try again.',
  notReached: 'Try again.',
  unclear: 'Read the transcript.',
};

/** Words of five letters and more that came up in two utterances. */
function topicsOf(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of new Set(text.toLowerCase().match(/\p{L}{5,}/gu) ?? []))
      if (!everyday.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .slice(0, MAX_TOPICS)
    .map(([word]) => word);
}

const everyday: ReadonlySet<string> = new Set(
  'about after again because before could don’t every going have hello interested maybe never other please really right should sorry thank thanks that’s their there these thing think those today where which would you’re'.split(
    ' ',
  ),
);
