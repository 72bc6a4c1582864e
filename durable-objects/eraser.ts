import { foldCall } from '../domain/call/apply.ts';
import type { Effect } from '../domain/call/effects.ts';
import type { PersonalParts } from '../domain/call/fact.ts';
import type { CallState } from '../domain/call/state.ts';
import { hasEnded } from '../domain/call/state.ts';
import { epochAfterErasing, eraseFact } from '../domain/privacy/erase.ts';
import { Draft } from './draft.ts';
import type { Journal } from './journal.ts';
import type { Outbox } from './outbox.ts';
import type { Surroundings } from './surroundings.ts';

/** What is to go, and who asked for it. */
export interface ErasureWish extends PersonalParts {
  readonly by: string;
}

/**
 * `waiting`: the call is in progress, it is erased when it ends. `owing`: the ledger is erased, a copy elsewhere not yet.
 * `erased`: nothing is left. `unknown`: there is no such call.
 */
export type Erased = 'erased' | 'owing' | 'waiting' | 'unknown';

const WISH = 'eraseWhenEnded';
const COPIES: ReadonlySet<Effect['type']> = new Set([
  'project',
  'archive',
  'forgetCopies',
  'forgetRecordings',
]);

/**
 * Takes what is personal out of a call's ledger, in place and in one transaction with the entry that says so and with what
 * is owed for it: copies elsewhere are made anew or removed through the outbox (PRIVACY-5). Fingerprints of observations
 * stay, so that a late repeat is recognised and brings nothing back.
 */
export class Eraser {
  readonly #around: Surroundings;
  readonly #journal: Journal;
  readonly #outbox: Outbox;

  constructor(around: Surroundings, journal: Journal, outbox: Outbox) {
    this.#around = around;
    this.#journal = journal;
    this.#outbox = outbox;
  }

  /** Kept until the call has ended. Several wishes are one that wants all of it. */
  wish({ by, words, contact }: ErasureWish): void {
    const before = this.wished;
    this.#around.kv.put<ErasureWish>(WISH, {
      by,
      words: words || before?.words === true,
      contact: contact || before?.contact === true,
    });
  }

  get wished(): ErasureWish | null {
    return this.#around.kv.get<ErasureWish | null>(WISH) ?? null;
  }

  /** A copy elsewhere may still hold what was erased. */
  get owesCopies(): boolean {
    return this.#outbox.owes(COPIES);
  }

  /** @returns the call as it is folded from what is left, or null when there was nothing to erase yet */
  eraseAsWished(call: CallState): CallState | null {
    const wish = hasEnded(call) ? this.wished : null;
    if (wish === null) return null;
    const draft = new Draft(call, this.#around.nowMs());
    draft.take({ type: 'erase', ...wish });
    if (draft.isEmpty) {
      this.#forgetWish();
      return null;
    }
    const epoch = epochAfterErasing(call.request.epoch, draft.firstSeq);
    this.#around.transaction(() => {
      this.#journal.rewrite((fact) => {
        const erased = eraseFact(fact, wish);
        return erased.type === 'callRequested' ? { ...erased, epoch } : erased;
      });
      this.#journal.append(draft.firstSeq, draft.nowMs, draft.facts, draft.observed);
      if (wish.contact) this.#outbox.forgetNames();
      this.#outbox.owe(draft.owed, draft.nowMs);
      this.#forgetWish();
    });
    return foldCall(this.#journal.read(0));
  }

  #forgetWish(): void {
    this.#around.kv.put<ErasureWish | null>(WISH, null);
  }
}
