import type { CallInput, Participant } from '../domain/call/input.ts';
import type { CallState } from '../domain/call/state.ts';
import type { SeatKind } from '../domain/call/supervision.ts';
import { RECONCILE_MS } from '../domain/call/deadlines.ts';
import { whisperRoomName } from '../domain/call/identity.ts';
import { hasEnded } from '../domain/call/state.ts';
import { supervisionOf } from '../domain/call/supervision.ts';
import { log } from './log.ts';
import type { MediaServer } from './media-server.ts';
import type { Surroundings } from './surroundings.ts';

/** An alarm that rings this shortly before the next reconcile does it at once: one alarm less to pay for. */
const RECONCILE_EARLY_MS = 5_000;

/** What watching a room needs of its call. */
export interface Watched {
  readonly call: () => CallState;
  readonly take: (input: CallInput) => void;
  /** A customer is there: the call lives. */
  readonly sign: () => void;
  /** An answer came, or none: what is due next may have changed. */
  readonly settled: () => void;
}

/** Webhooks may never arrive: every so often the media server's own list is asked who is there (LEDGER-4, LISTEN-3). */
export class RoomWatch {
  readonly #around: Surroundings;
  readonly #media: MediaServer | null;
  readonly #watched: Watched;
  #askedAtMs = 0;
  #asking = false;

  constructor(around: Surroundings, media: MediaServer | null, watched: Watched) {
    this.#around = around;
    this.#media = media;
    this.#watched = watched;
  }

  /** The media server is being asked who is in the room. */
  get isAsking(): boolean {
    return this.#asking;
  }

  dueAtMs(call: CallState): number {
    if (hasEnded(call)) return Number.POSITIVE_INFINITY;
    return Math.max(this.#askedAtMs, call.requestedAtMs) + RECONCILE_MS;
  }

  /** Asks in the background when it is time. */
  look(call: CallState): void {
    const nowMs = this.#around.nowMs();
    if (this.dueAtMs(call) > nowMs + RECONCILE_EARLY_MS) return;
    this.#askedAtMs = nowMs;
    if (this.#media === null || call.request.media === 'silent') return;
    this.#around.background(this.#reconcile(this.#media, call.request.room));
    this.#around.background(this.#reconcileSeats(this.#media, call));
  }

  async #reconcile(media: MediaServer, room: string): Promise<void> {
    this.#asking = true;
    let customers: readonly Participant[];
    try {
      customers = await media.customersIn(room);
    } catch (error) {
      this.#failed(error);
      return;
    } finally {
      this.#asking = false;
      this.#watched.settled();
    }
    if (customers.length > 0) this.#watched.sign();
    this.#watched.take({ type: 'roomListed', customers });
  }

  /** Only where somebody was let in; hidden participants are in the list too. */
  async #reconcileSeats(media: MediaServer, call: CallState): Promise<void> {
    const { seats } = supervisionOf(call);
    const ask = async (room: string, kinds: readonly SeatKind[]): Promise<void> => {
      if (!seats.some((each) => each.leftAtMs === null && kinds.includes(each.seat))) return;
      const askedAtMs = this.#around.nowMs();
      const present = await media.seatsIn(room);
      this.#watched.take({ type: 'seatsListed', seats: kinds, present, askedAtMs });
    };
    try {
      await ask(call.request.room, ['listen', 'operator']);
      await ask(whisperRoomName(call.request.callId), ['whisper']);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const { callId } = this.#watched.call().request;
    log('warn', 'reconcile failed', { callId, error: String(error) });
  }
}
