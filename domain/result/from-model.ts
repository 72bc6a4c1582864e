import type { Conversation } from './conversation.ts';
import { judgeByRules } from './by-rules.ts';
import type { CallResult, Disposition, Interest, Quote } from './result.ts';

/** What a model is asked for; `n` counts the utterances it was given from 1. */
export interface ModelVerdict {
  readonly summary: string;
  readonly disposition: Disposition;
  readonly interest: Interest;
  readonly interestQuotes: readonly { readonly n: number; readonly words: string }[];
  readonly sentiment: readonly { readonly n: number; readonly value: number }[];
  readonly answers: readonly {
    readonly question: string;
    readonly answer: string;
    readonly n: number;
    readonly words: string;
  }[];
  readonly nextStep: string | null;
  readonly topics: readonly string[];
}

/** What only the ledger may say (RESULT-2): a model that says so is not believed. */
const ofTheLedger: ReadonlySet<Disposition> = new Set(['callBack', 'doNotCall', 'voicemail', 'notReached']);

/**
 * A model's verdict, as far as it can be believed: what the ledger knows stays; interest without words that were said is none;
 * nothing is quoted that does not stand in the transcript.
 */
export function believed(verdict: ModelVerdict, model: string, conversation: Conversation): CallResult {
  const customers = (n: number): Conversation['utterances'][number] | null => {
    const said = conversation.utterances[n - 1];
    return said?.speaker === 'customer' ? said : null;
  };
  const quoted = (n: number, words: string): Quote | null => {
    const said = customers(n);
    return said !== null && standsIn(words, said.text)
      ? { utteranceId: said.utteranceId, text: words.trim() }
      : null;
  };
  const quotes = verdict.interestQuotes
    .map(({ n, words }) => quoted(n, words))
    .filter((quote) => quote !== null);
  const level = quotes.length === 0 ? 'none' : verdict.interest;
  const byRules = judgeByRules(conversation);
  const said = ofTheLedger.has(verdict.disposition) ? byRules.disposition : verdict.disposition;
  const disposition = conversation.known ?? (said === 'interested' && level === 'none' ? 'unclear' : said);
  return {
    source: 'model',
    model,
    summary: verdict.summary.trim() === '' ? byRules.summary : verdict.summary.trim(),
    disposition,
    interest: { level, quotes },
    sentiment: verdict.sentiment.flatMap(({ n, value }) => {
      const utterance = customers(n);
      return utterance === null ? [] : [{ utteranceId: utterance.utteranceId, value }];
    }),
    answers: verdict.answers.flatMap(({ question, answer, n, words }) => {
      const quote = quoted(n, words);
      return quote === null ? [] : [{ question, answer, quote }];
    }),
    nextStep: verdict.nextStep ?? byRules.nextStep,
    callBackAtMs: conversation.callBackAtMs,
    topics: verdict.topics,
    withheld: conversation.withheld,
  };
}

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s“”"’']+/gu, ' ')
    .trim();

/** At least two words or a whole utterance: any letter "stands in" something. */
function standsIn(words: string, text: string): boolean {
  const [quote, whole] = [folded(words), folded(text)];
  if (quote === '') return false;
  return quote === whole || (quote.includes(' ') && ` ${whole} `.includes(` ${quote}`));
}
