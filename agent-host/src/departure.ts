/**
 * Measures wait this long for words to travel with: each message is a row of the ledger, and rows are paid for. Longer
 * than most sentences; what it costs is that a turn's delay is seen when the sentence is over.
 */
const MEASURES_WAIT_MS = 10_000;

/** When observations leave for the ledger: at the end of the turn in which they were made, measures with the next words. */
export class Departure {
  readonly #send: () => void;
  readonly #measuresWaitMs: number;
  #atEndOfTurn = false;
  #later: NodeJS.Timeout | undefined;

  constructor(send: () => void, measuresWaitMs = MEASURES_WAIT_MS) {
    this.#send = send;
    this.#measuresWaitMs = measuresWaitMs;
  }

  soon(): void {
    if (this.#atEndOfTurn) return;
    this.#atEndOfTurn = true;
    queueMicrotask(() => {
      this.#atEndOfTurn = false;
      this.#send();
    });
  }

  withTheNext(): void {
    this.#later ??= setTimeout(this.#send, this.#measuresWaitMs);
  }

  /** Everything has left, or nothing will any more. */
  gone(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
  }
}
