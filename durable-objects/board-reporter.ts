import type { CallSummary } from '../domain/call/summary.ts';
import type { Env } from './env.ts';
import { boardOf } from './env.ts';
import { log } from './log.ts';

/** A call's row changes with each word; the board hears of it at most this often. */
const REPORT_EVERY_MS = 250;

/** Tells the board how the call stands, coalesced. Best effort: begin and end are told again through the outbox. */
export class BoardReporter {
  readonly #env: Env;
  readonly #summary: () => CallSummary | null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(env: Env, summary: () => CallSummary | null) {
    this.#env = env;
    this.#summary = summary;
  }

  touch(): void {
    this.#timer ??= setTimeout(() => void this.#report(), REPORT_EVERY_MS);
  }

  async #report(): Promise<void> {
    this.#timer = null;
    const summary = this.#summary();
    if (summary === null) return;
    try {
      await boardOf(this.#env).announce(summary);
    } catch (error) {
      log('warn', 'the board did not hear of a change', { callId: summary.callId, error: String(error) });
    }
  }
}
