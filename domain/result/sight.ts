import type { Sight } from '../privacy/sight.ts';
import { wordsInSight } from '../privacy/sight.ts';
import type { CallResult, Correction, Quote } from './result.ts';

interface Corrected {
  readonly correction: Correction;
  readonly byName: string;
  readonly atMs: number;
}

/** A result quotes what was said: masked like the words themselves (PRIVACY-1). */
export function resultInSight(
  result: CallResult,
  corrected: Corrected | null,
  sight: Sight,
): { result: CallResult; correction: Corrected | null } {
  if (sight === 'clear') return { result, correction: corrected };
  const words = (text: string): string => wordsInSight(text, sight);
  const orNull = (text: string | null): string | null => (text === null ? null : words(text));
  const quote = (each: Quote): Quote => ({ ...each, text: words(each.text) });
  const { interest, answers } = result;
  return {
    result: {
      ...result,
      summary: words(result.summary),
      interest: { ...interest, quotes: interest.quotes.map(quote) },
      answers: answers.map((each) => ({
        question: words(each.question),
        answer: words(each.answer),
        quote: quote(each.quote),
      })),
      nextStep: orNull(result.nextStep),
      topics: result.topics.map(words),
    },
    correction:
      corrected === null
        ? null
        : {
            ...corrected,
            correction: {
              ...corrected.correction,
              ...(corrected.correction.summary === undefined
                ? {}
                : { summary: words(corrected.correction.summary) }),
              note: orNull(corrected.correction.note),
            },
          },
  };
}
