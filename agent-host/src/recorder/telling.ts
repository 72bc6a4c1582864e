import type { RecordingNews } from '../../../domain/call/recording.ts';
import { backoffMs } from '../backoff.ts';
import type { Home } from './home.ts';

/** What is told at the end tells the beginning again; news that is older than this need not be told. */
const WORTH_TELLING_MS = 10 * 60_000;

/** Tells the ledger what happens to a recording while it is made, in order, again and again until it is heard. */
export class Telling {
  readonly #home: Home;
  readonly #hostId: string;
  /** By recording: what is told after what. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(home: Home, hostId: string) {
    this.#home = home;
    this.#hostId = hostId;
  }

  tell(callId: string, news: RecordingNews): void {
    const { recordingId } = news;
    const told = (this.#last.get(recordingId) ?? Promise.resolve()).then(() =>
      this.#untilHeard(callId, news),
    );
    this.#last.set(recordingId, told);
    void told.then(() => {
      if (this.#last.get(recordingId) === told) this.#last.delete(recordingId);
    });
  }

  async #untilHeard(callId: string, news: RecordingNews): Promise<void> {
    const untilMs = Date.now() + WORTH_TELLING_MS;
    const ids = { callId, recordingId: news.recordingId, hostId: this.#hostId };
    for (let attempt = 0; Date.now() < untilMs; attempt++) {
      try {
        await this.#home.tell(ids, [news]);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, 250, 10_000)).unref());
      }
    }
  }
}
