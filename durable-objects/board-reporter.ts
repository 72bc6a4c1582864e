import type { CallSummary } from '../domain/call/summary.ts';
import { log } from './log.ts';
import type { Outside, Surroundings } from './surroundings.ts';

/** A call's row changes with each word; the board hears of it at most this often. */
const REPORT_EVERY_MS = 250;

/** Tells the board how the call stands, coalesced. Best effort: begin and end are told again through the outbox. */
export class BoardReporter {
  readonly #around: Surroundings;
  readonly #outside: Outside;
  readonly #summary: () => CallSummary | null;
  #waiting = false;
  #reportedAtMs = 0;

  constructor(around: Surroundings, outside: Outside, summary: () => CallSummary | null) {
    this.#around = around;
    this.#outside = outside;
    this.#summary = summary;
  }

  touch(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    // A lone change is told at once; those that follow closely share the next report.
    const delayMs = Math.max(0, this.#reportedAtMs + REPORT_EVERY_MS - this.#around.nowMs());
    this.#around.later(delayMs, () => void this.#report());
  }

  async #report(): Promise<void> {
    this.#waiting = false;
    this.#reportedAtMs = this.#around.nowMs();
    const summary = this.#summary();
    if (summary === null) return;
    try {
      await this.#outside.announce(summary);
    } catch (error) {
      log('warn', 'the board did not hear of a change', { callId: summary.callId, error: String(error) });
    }
  }
}
