/**
 * The lab's judge of calls: a request that asks for `call_result` is answered with JSON of that shape, by simple words. It stands
 * in for a model over the real protocol and says so in its summary.
 */
import { z } from 'zod';

export const CALL_RESULT = 'call_result';

const askedSchema = z.object({
  utterances: z.array(z.object({ n: z.number(), speaker: z.string(), words: z.string() })),
});

type Interest = 'none' | 'low' | 'medium' | 'high';

const tells: readonly (readonly [RegExp, Interest, 'interested' | 'notInterested' | 'unclear'])[] = [
  [/not interested|no,? thank/iu, 'none', 'notInterested'],
  [/\b(?:buy|book|sign|order|apply|test drive)\b/iu, 'high', 'interested'],
  [/\b(?:interested|looking for|how much|rate|price|tell me more)\b/iu, 'medium', 'interested'],
  [/\b(?:maybe|later|think about)\b/iu, 'low', 'unclear'],
];

/** @param content the request's last message: the call as JSON */
export function labResult(content: string): string {
  let given: unknown;
  try {
    given = JSON.parse(content);
  } catch {
    given = null;
  }
  const asked = askedSchema.safeParse(given);
  const said = asked.success ? asked.data.utterances.filter(({ speaker }) => speaker === 'customer') : [];
  const found = said.flatMap((each) =>
    tells.flatMap(([pattern, interest, disposition]) =>
      pattern.test(each.words) ? [{ each, interest, disposition }] : [],
    ),
  );
  const [first] = found;
  return JSON.stringify({
    summary: `The lab’s judge heard ${said.length} utterances of the customer.`,
    disposition: first?.disposition ?? 'unclear',
    interest: first?.interest ?? 'none',
    interestQuotes: first === undefined ? [] : [{ n: first.each.n, words: first.each.words }],
    sentiment: said.map(({ n, words }) => ({ n, value: /thank|great|good/iu.test(words) ? 1 : 0 })),
    answers: [],
    nextStep: null,
    topics: [],
  });
}
