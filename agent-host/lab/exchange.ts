/**
 * What is said on a lab call: a business is a table of exchanges, each a line that customers can say beside
 * the agent's answer. The recogniser's vocabulary, the stand-in model and the scripted customers all read
 * these tables, so that they cannot drift apart.
 *
 * Rules for a customer's line, which the tests hold: 5–14 words, or a VIN that is spelled; no comma or other mark inside, because a
 * pause would end the turn there; numbers in words, so that what is spoken is what is written down.
 * Rules for an answer: a short first sentence, because the voice speaks a sentence only when it is complete.
 */

/** Something the model does beside answering. */
export type ExchangeAction =
  'request_human' | 'end_call' | 'do_not_call' | 'schedule_call_back' | 'record_answer' | 'read_vehicle';

export interface Exchange {
  /** Names the line in scripts and tests. */
  readonly id: string;
  /** What the customer says. Also the transcript, letter for letter. */
  readonly customer: string;
  /** What the agent answers. */
  readonly agent: string;
  /** Called as a tool when the agent offers one of this name. */
  readonly action?: ExchangeAction;
  /** What the tool is called with; by default a reason. */
  readonly arguments?: Readonly<Record<string, string | number>>;
}

export type BusinessSlug = 'auto-sales' | 'loan-interest';

export interface Business {
  /** The slug of the agent profile that this table stands in for. */
  readonly slug: BusinessSlug;
  /** How the agent opens the call. */
  readonly greeting: string;
  /** A system prompt that matches is about this business; the more matches the surer. */
  readonly recognisedBy: RegExp;
  readonly exchanges: readonly Exchange[];
  /** Asked for a line that the business has no answer to. */
  readonly fallback: string;
}
