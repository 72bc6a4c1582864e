/** How much the customer wants what was offered. */
export const interestLevels = ['none', 'low', 'medium', 'high'] as const;
export type Interest = (typeof interestLevels)[number];

/** What the call came to, for whoever works on the lead next. */
export const dispositions = [
  'interested',
  'notInterested',
  'callBack',
  'doNotCall',
  'wrongPerson',
  'voicemail',
  'notReached',
  'unclear',
] as const;
export type Disposition = (typeof dispositions)[number];

/** The customer's own words that a judgement stands on: a stretch of one utterance, letter for letter. */
export interface Quote {
  readonly utteranceId: string;
  readonly text: string;
}

export interface CallResult {
  /** `rules`: reckoned by us from words and events, until a model has read it. */
  readonly source: 'model' | 'rules';
  /** Which model; null for rules. */
  readonly model: string | null;
  /** One to three sentences. */
  readonly summary: string;
  readonly disposition: Disposition;
  readonly interest: { readonly level: Interest; readonly quotes: readonly Quote[] };
  /** By customer utterance, −2 to 2. */
  readonly sentiment: readonly { readonly utteranceId: string; readonly value: number }[];
  /** What was asked and answered. */
  readonly answers: readonly { readonly question: string; readonly answer: string; readonly quote: Quote }[];
  readonly nextStep: string | null;
  /** What the customer asked for in the call, epoch ms. */
  readonly callBackAtMs: number | null;
  readonly topics: readonly string[];
  /** Utterances that speak to a machine rather than to us: they were not judged by (RESULT-3). */
  readonly withheld: number;
}

/** What a person put right; what it says overrules, the rest stands. */
export interface Correction {
  readonly disposition?: Disposition;
  readonly interest?: Interest;
  readonly summary?: string;
  /** Why. */
  readonly note: string | null;
}

/** What a call came to, in a list. */
export interface ResultBrief {
  readonly disposition: Disposition;
  readonly interest: Interest;
}

/** The result as people are to see it. */
export function corrected(result: CallResult, correction: Correction | null): CallResult {
  if (correction === null) return result;
  const { disposition, interest, summary } = correction;
  return {
    ...result,
    ...(disposition === undefined ? {} : { disposition }),
    ...(interest === undefined ? {} : { interest: { ...result.interest, level: interest } }),
    ...(summary === undefined ? {} : { summary }),
  };
}
