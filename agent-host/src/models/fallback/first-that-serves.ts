import type { Log } from '../../log.ts';
import { errorName } from '../../log.ts';
import { GIVE_UP_MS, pause, ROUND_MS } from './patience.ts';
import type { Candidate, Roster } from './roster.ts';

export interface Attempts<Model> {
  readonly stage: string;
  readonly roster: Roster<Model>;
  /** Nobody wants the answer any more. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Throws when the candidate fails. `patienceMs`: what is left for it; the last one may use it up. */
  attempt(candidate: Candidate<Model>, patienceMs: number, isLast: boolean): Promise<void>;
}

/**
 * Asks one model after the other until one has served, round after round, for {@link GIVE_UP_MS} at most (MODEL-2).
 *
 * @returns false when none served in that time
 */
export async function firstThatServes<Model>(attempts: Attempts<Model>): Promise<boolean> {
  const { roster, signal, stage, log } = attempts;
  const untilMs = Date.now() + GIVE_UP_MS;
  while (!signal.aborted) {
    const order = roster.inOrder(Date.now());
    for (const [index, candidate] of order.entries()) {
      const leftMs = untilMs - Date.now();
      if (leftMs <= 0) return false;
      try {
        await attempts.attempt(candidate, leftMs, index === order.length - 1);
        return true;
      } catch (error) {
        if (signal.aborted) return true;
        roster.failed(candidate.name, Date.now());
        log.warn('a model failed', { stage, model: candidate.name, name: errorName(error) });
      }
    }
    if (Date.now() + ROUND_MS >= untilMs) return false;
    await pause(ROUND_MS, signal);
  }
  return true;
}
