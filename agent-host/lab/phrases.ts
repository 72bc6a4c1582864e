/** Every line that lab customers can say: the closed vocabulary of the recogniser. */
import { ANY_BUSINESS } from './any-business.ts';
import { AUTO_SALES } from './auto-sales.ts';
import type { Business, BusinessSlug, Exchange } from './exchange.ts';
import { LOAN_INTEREST } from './loan-interest.ts';

export const BUSINESSES: Readonly<Record<BusinessSlug, Business>> = {
  'auto-sales': AUTO_SALES,
  'loan-interest': LOAN_INTEREST,
};

export const EXCHANGES: readonly Exchange[] = [
  ...AUTO_SALES.exchanges,
  ...LOAN_INTEREST.exchanges,
  ...ANY_BUSINESS,
];

/** What the customers can say, in the order of {@link EXCHANGES}. */
export const CUSTOMER_LINES: readonly string[] = EXCHANGES.map((exchange) => exchange.customer);

/** The transcript of speech that is none of the lab's lines. */
export const UNRECOGNISED_SPEECH = '(words the lab recogniser does not know)';

const byId = new Map(EXCHANGES.map((exchange) => [exchange.id, exchange]));

/**
 * What the customer says in the exchange of that id.
 *
 * @throws RangeError for an id that no table holds
 */
export function customerLine(id: string): string {
  const exchange = byId.get(id);
  if (!exchange) throw new RangeError(`no lab line is called "${id}"`);
  return exchange.customer;
}
