import { readNotifications } from '../../../../protocol/api/notifications.ts';
import { decodeMessage } from '../../../../protocol/codec.ts';
import { NoticesDownSchema, type Notice } from '../../../../protocol/notices.ts';
import { PROTOCOL_VERSION } from '../../../../protocol/version.ts';
import { api } from '../api/client.ts';
import { LiveSocket } from '../live/live-socket.ts';
import { takeNotice, type NoticeState } from './notice-state.ts';

/** A snapshot carries fifty. */
const MAX_CHARS = 1024 * 1024;

/** Owns what this person is told: the list, what is new in it, and telling the Worker what was read. */
export class NoticeFeed {
  #state = $state.raw<NoticeState | null>(null);
  /** False while the connection is away: the list may lack what is newest. */
  #current = $state.raw(false);
  readonly #onurgent: (notice: Notice) => void;

  /** `onurgent` is called for each urgent notice that comes while somebody looks. */
  constructor(onurgent: (notice: Notice) => void) {
    this.#onurgent = onurgent;
  }

  get state(): NoticeState | null {
    return this.#state;
  }
  get current(): boolean {
    return this.#current;
  }

  /** Starts listening; the returned function stops. */
  open(): () => void {
    const socket = new LiveSocket({
      path: () => `/ws/notifications?v=${PROTOCOL_VERSION}`,
      text: (text) => {
        const decoded = decodeMessage(NoticesDownSchema, text, MAX_CHARS);
        // A newer server may say what this page does not know.
        if (!decoded.ok) return;
        const taken = takeNotice(this.#state, decoded.message);
        if (taken.verdict === 'gap') {
          socket.startOver();
          return;
        }
        const isNew = decoded.message.type === 'notice' && taken.state !== this.#state;
        this.#state = taken.state;
        this.#current = true;
        if (isNew && decoded.message.type === 'notice' && decoded.message.notice.severity === 'urgent') {
          this.#onurgent(decoded.message.notice);
        }
      },
      pong: () => undefined,
      lost: () => (this.#current = false),
    });
    return () => socket.close();
  }

  /** Everything that is here has been read. The number goes down when the Worker says so. */
  async read(): Promise<void> {
    const state = this.#state;
    if (state === null || state.readUpTo >= state.head) return;
    const reply = await api(readNotifications, { body: { upTo: state.head } });
    if (reply.ok && this.#state !== null) {
      this.#state = { ...this.#state, readUpTo: Math.max(this.#state.readUpTo, reply.value.readUpTo) };
    }
  }
}
