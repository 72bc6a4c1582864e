import type { Profile } from '../../domain/profile/profile.ts';
import type { Farewell } from './farewell.ts';

/** So long before a call's time is over the agent says goodbye by itself, ms; the ledger's own deadline is the hard stop (LIMIT-1). */
export const BEFORE_THE_END_MS = 15_000;

export type LimitReached = 'duration' | 'spend';

/**
 * Ends the call politely at its limits. The time is reckoned from this agent's first moment with the customer: a successor's is the
 * later one, and the ledger ends the call for it.
 */
export class Limits {
  readonly #farewell: Pick<Farewell, 'say'>;
  readonly #profile: Pick<Profile, 'maximumDurationS' | 'goodbyeLine'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(farewell: Pick<Farewell, 'say'>, profile: Pick<Profile, 'maximumDurationS' | 'goodbyeLine'>) {
    this.#farewell = farewell;
    this.#profile = profile;
  }

  begin(): void {
    const inMs = Math.max(0, this.#profile.maximumDurationS * 1_000 - BEFORE_THE_END_MS);
    this.#timer = setTimeout(() => this.reached('duration'), inMs);
  }

  /** The ledger says so, or the clock. */
  reached(limit: LimitReached): void {
    const line = this.#profile.goodbyeLine;
    void this.#farewell.say(
      limit === 'duration'
        ? { line, reason: 'the call reached its longest time', outcome: 'timeLimit' }
        : { line, reason: 'the call reached what it may cost', outcome: 'spendLimit' },
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
