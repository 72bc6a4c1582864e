import type { SessionEnding } from '../../domain/call/input.ts';

export interface Ended {
  /** Null: the ledger knows already, because it said so itself. */
  readonly by: SessionEnding['by'] | null;
  /** For the ledger and the log: never words of the call. */
  readonly reason: string;
  /** What the call comes to, where the agent knows better than the ledger. */
  readonly outcome?: SessionEnding['outcome'];
}

/** A job ends once; whoever says so first says why. */
export class Ending {
  readonly over: Promise<Ended>;
  #resolve!: (ended: Ended) => void;
  #ended: Ended | null = null;

  constructor() {
    this.over = new Promise((resolve) => (this.#resolve = resolve));
  }

  end(by: Ended['by'], reason: string, outcome?: SessionEnding['outcome']): void {
    if (this.#ended !== null) return;
    this.#ended = { by, reason, ...(outcome === undefined ? {} : { outcome }) };
    this.#resolve(this.#ended);
  }

  get ended(): Ended | null {
    return this.#ended;
  }
}
