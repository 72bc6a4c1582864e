import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RehearsalOffer } from '../../../protocol/scenario.ts';
import type { Log } from '../log.ts';

/** At a time: calls come first. What is offered beyond it is offered elsewhere when its time is up (DISPATCH-2). */
const AT_ONCE = 2;
/** Longer than any scenario takes; then its process is ended. */
const LONGEST_MS = 10 * 60_000;

/** The host's rehearsals, each in a process of its own, so that none of them can disturb a call. */
export class Rehearsals {
  readonly #log: Log;
  readonly #running = new Map<string, ChildProcess>();

  constructor(log: Log) {
    this.#log = log;
  }

  take(offer: RehearsalOffer): void {
    const { callId } = offer;
    if (this.#running.has(callId) || this.#running.size >= AT_ONCE) return;
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#running.set(callId, child);
    const overdue = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
    child.once('exit', (code) => {
      clearTimeout(overdue);
      this.#running.delete(callId);
      if (code !== 0) this.#log.warn('a rehearsal broke', { callId, code });
    });
    child.on('error', () => undefined);
    child.send(JSON.stringify(offer));
  }

  /** The host stops: nobody waits for a scenario. */
  stop(): void {
    for (const child of this.#running.values()) child.kill('SIGKILL');
  }
}
