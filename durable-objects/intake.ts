import type { Observed } from '../protocol/agent.ts';
import type { Surroundings } from './surroundings.ts';

/** Whoever reported, and waits for an answer. */
export interface Reporter<Answer> {
  /** Called once they are written, in their order. */
  readonly answer: (answers: readonly Answer[]) => void;
  /** They were not written and will not be: to be sent again. */
  readonly failed: () => void;
}

/** Observations of one message. */
interface Waiting<Answer> {
  readonly session: string;
  readonly observations: readonly Observed[];
  readonly reporter: Reporter<Answer>;
}

/** While the object told a crowd, messages lay before its door: time to let them in before it tells the crowd again, ms. */
const GATHER_MS = 2;

export interface SessionObserved extends Observed {
  readonly session: string;
}

/**
 * Observations that come while a write is on its way, to the disk and to everyone who watches, wait for it and are then
 * written together: one row, and one message to each monitor, however fast they come. The first never waits. They are kept in memory only, for nothing is
 * acknowledged before it is written: should the object be lost, the agent sends them again (LEDGER-1).
 */
export class Intake<Answer> {
  readonly #around: Surroundings;
  /** Writes them and tells everyone. */
  readonly #write: (observations: readonly SessionObserved[]) => readonly Answer[];
  /** Whether so many watch that telling them keeps the object from what comes meanwhile. */
  readonly #crowded: () => boolean;
  #waiting: Waiting<Answer>[] = [];
  #writing = false;

  constructor(
    around: Surroundings,
    write: (observations: readonly SessionObserved[]) => readonly Answer[],
    crowded: () => boolean,
  ) {
    this.#around = around;
    this.#write = write;
    this.#crowded = crowded;
  }

  /** @throws what the write threw; then everyone whose observations were in it has been told */
  take(session: string, observations: readonly Observed[], reporter: Reporter<Answer>): void {
    this.#waiting.push({ session, observations, reporter });
    if (!this.#writing) this.#writeWaiting();
  }

  #writeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let answers: readonly Answer[];
    try {
      answers = this.#write(
        waiting.flatMap(({ session, observations }) => observations.map((each) => ({ ...each, session }))),
      );
    } catch (error) {
      for (const { reporter } of waiting) reporter.failed();
      throw error;
    }
    let answered = 0;
    for (const { observations, reporter } of waiting) {
      reporter.answer(answers.slice(answered, (answered += observations.length)));
    }
    this.#writing = true;
    this.#around.background(this.#around.written().then(() => this.#written()));
  }

  #written(): void {
    if (this.#crowded()) this.#around.later(GATHER_MS, () => this.#next());
    else this.#next();
  }

  #next(): void {
    this.#writing = false;
    if (this.#waiting.length > 0) this.#writeWaiting();
  }
}
