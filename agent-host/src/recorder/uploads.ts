import type { Log } from '../log.ts';
import { backoffMs } from '../backoff.ts';
import { errorName } from '../log.ts';
import type { Home } from './home.ts';
import type { Note, Spool } from './spool.ts';

/** What others left in the spool is found within this. */
const LOOK_EVERY_MS = 20_000;
/** A Worker or an R2 that is down is asked again between one second and this. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 120_000;

interface Waiting {
  attempts: number;
  notBeforeMs: number;
}

/**
 * Brings finished recordings home, for as long as it takes: one at a time, so that calls keep the line. Deleted here only
 * when R2 has confirmed, or when the call was erased (REC-6).
 */
export class Uploads {
  readonly #spool: Spool;
  readonly #home: Home;
  readonly #log: Log;
  readonly #writing: () => ReadonlySet<string>;
  readonly #failed = new Map<string, Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | null = null;
  #again = false;
  #stopped = false;

  /** @param writing recordings that this host is writing now */
  constructor(spool: Spool, home: Home, writing: () => ReadonlySet<string>, log: Log) {
    this.#spool = spool;
    this.#home = home;
    this.#writing = writing;
    this.#log = log;
  }

  /** Looks at the spool, now and from time to time. Resolves when it has been looked at once. */
  look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#again = this.#round !== null;
    this.#round ??= this.#go().finally(() => {
      this.#round = null;
      if (this.#stopped) return;
      const soonest = Math.min(
        LOOK_EVERY_MS,
        ...[...this.#failed.values()].map((each) => each.notBeforeMs - Date.now()),
      );
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.look(), this.#again ? 0 : Math.max(100, soonest));
    });
    return this.#round;
  }

  /** Whether anything waits. */
  async isEmpty(): Promise<boolean> {
    return (await this.#waiting()).length === 0;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #go(): Promise<void> {
    for (const note of await this.#waiting()) {
      const { durationMs } = note;
      const nowMs = Date.now();
      if (this.#stopped || durationMs === null) continue;
      if ((this.#failed.get(note.recordingId)?.notBeforeMs ?? 0) > nowMs) continue;
      await this.#bringHome({ ...note, durationMs });
    }
  }

  #waiting(): Promise<Note[]> {
    return this.#spool.waiting(this.#writing()).catch((error: unknown) => {
      this.#log.warn('the spool cannot be read', { name: errorName(error) });
      return [];
    });
  }

  async #bringHome(note: Note & { readonly durationMs: number }): Promise<void> {
    const { callId, recordingId, hostId, startedAtMs, durationMs } = note;
    try {
      // What it told while it was recorded may be lost: told again, it changes nothing.
      const told = await this.#home.tell(note, [
        { type: 'recordingBegun', recordingId, recorder: 'host', hostId, startedAtMs },
        { type: 'recordingEnded', recordingId, durationMs },
      ]);
      const fate = told === 'wanted' ? await this.#home.store(note, this.#spool) : told;
      if (fate === 'wanted') throw new Error('stored, says the Worker, but the ledger does not');
      await this.#spool.remove(note);
      this.#failed.delete(recordingId);
      this.#log.info(fate === 'stored' ? 'recording stored' : 'recording deleted: the call was erased', {
        callId,
        recordingId,
      });
    } catch (error) {
      const attempts = (this.#failed.get(recordingId)?.attempts ?? 0) + 1;
      const pauseMs = backoffMs(attempts - 1, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
      this.#failed.set(recordingId, { attempts, notBeforeMs: Date.now() + pauseMs });
      this.#log.warn('a recording could not be stored, trying again', {
        ...{ callId, recordingId, attempts, pauseMs },
        cause: error instanceof Error ? error.message.slice(0, 80) : errorName(error),
      });
    }
  }
}
