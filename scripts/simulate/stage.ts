import type { Customer } from './customer.ts';
import type { LedgerJudge } from './judge/ledger-judge.ts';
import type { ObjectHost } from './object-host.ts';
import type { OutsideWorld } from './outside-world.ts';
import type { Chance } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';

/** Says that a rule was broken. `what` never holds words, names or numbers of people: there are none here. */
export type Complain = (rule: string, what: string) => void;

/** What every actor of one simulated call shares. */
export interface Stage {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly host: ObjectHost;
  readonly world: OutsideWorld;
  readonly customer: Customer;
  readonly ledger: LedgerJudge;
  readonly complain: Complain;
  readonly tell: (what: string) => void;
  /** A call in which we ring the customer. */
  readonly dialled: boolean;
}

export const CALL_ID = 'c1';
/** The customer's, in calls that ring somebody. */
export const NUMBER = '+12125550142';
export const START_MS = 1_790_000_000_000;
