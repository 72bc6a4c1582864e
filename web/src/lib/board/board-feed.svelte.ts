import { BoardDownSchema } from '../../../../protocol/board.ts';
import { decodeMessage } from '../../../../protocol/codec.ts';
import { RefusedSchema } from '../../../../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../../../../protocol/version.ts';
import { getMe } from '../api/session.ts';
import {
  advance,
  newLink,
  reasonOfClose,
  reasonOfStatus,
  type Happening,
  type Link,
} from '../live/connection.ts';
import { LiveSocket } from '../live/live-socket.ts';
import { reasonOfRefusal } from '../live/refused.ts';
import { arrangeRows, noRows, type BoardRows } from './board-rows.ts';
import { noCampaigns, takeBoardMessage, type BoardState, type ReadCampaigns } from './board-state.ts';
import { boardStats, type BoardStats } from './board-stats.ts';

/** Rows are painted at most this often, however fast the deltas come. */
const PAINT_EVERY_MS = 250;
const COUNT_EVERY_MS = 1_000;
/** A snapshot carries every call at once. */
const MAX_CHARS = 32 * 1024 * 1024;

/** Owns the live board: what was heard, the rows as painted, and how far they can be trusted. */
export class BoardFeed {
  #rows = $state.raw<BoardRows>(noRows);
  #stats = $state.raw<BoardStats | null>(null);
  #campaigns = $state.raw<BoardState['campaigns']>(noCampaigns);
  #link = $state.raw<Link>(newLink(Date.now()));
  #clockOffsetMs = $state.raw(0);
  /** Heard, not yet painted. */
  #board: BoardState | null = null;
  #held = false;
  #paintTimer: ReturnType<typeof setTimeout> | undefined;
  #countTimer: ReturnType<typeof setTimeout> | undefined;
  /** The board that the counters were made from. */
  #counted: BoardState | null = null;
  #socket: LiveSocket | null = null;
  readonly #readCampaigns: ReadCampaigns | null;

  /** @param readCampaigns left out by those who show no campaigns: they need not know their schema */
  constructor(readCampaigns: ReadCampaigns | null = null) {
    this.#readCampaigns = readCampaigns;
  }

  get rows(): BoardRows {
    return this.#rows;
  }
  /** Campaigns that did anything lately, by id. */
  get campaigns(): BoardState['campaigns'] {
    return this.#campaigns;
  }
  /** Null before the first snapshot. */
  get stats(): BoardStats | null {
    return this.#stats;
  }
  get link(): Link {
    return this.#link;
  }
  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  /** Starts listening; the returned function stops. */
  open(): () => void {
    this.#link = newLink(Date.now());
    this.#socket = new LiveSocket({
      path: () => `/ws/board?v=${PROTOCOL_VERSION}`,
      text: (text) => this.#received(text),
      pong: () => this.#happened({ type: 'heard' }),
      lost: (code) => this.#lost(code),
    });
    return () => this.#close();
  }

  /** While the pointer or the focus is on the list, no row moves. */
  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    if (!held) this.#schedulePaint();
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = null;
    clearTimeout(this.#paintTimer);
    clearTimeout(this.#countTimer);
    this.#paintTimer = undefined;
    this.#countTimer = undefined;
  }

  #received(text: string): void {
    const decoded = decodeMessage(BoardDownSchema, text, MAX_CHARS);
    if (!decoded.ok) {
      this.#refusedOrUnknown(text);
      return;
    }
    const taken = takeBoardMessage(this.#board, decoded.message, Date.now(), this.#readCampaigns);
    if (taken.verdict === 'gap') {
      this.#socket?.startOver();
      return;
    }
    const first = this.#board === null;
    this.#board = taken.board;
    this.#happened({ type: decoded.message.type === 'snapshot' ? 'synced' : 'heard' });
    if (first) this.#paint();
    else this.#schedulePaint();
  }

  /** A newer server may say things this page does not know: the versions show whether one mattered. */
  #refusedOrUnknown(text: string): void {
    const refused = decodeMessage(RefusedSchema, text);
    const reason = refused.ok ? reasonOfRefusal(refused.message.code) : null;
    if (reason !== null) this.#happened({ type: 'closedForGood', reason });
  }

  #lost(finalCode: number | null): void {
    if (finalCode !== null) {
      this.#happened({ type: 'closedForGood', reason: reasonOfClose(finalCode) });
      return;
    }
    this.#happened({ type: 'lost' });
    // A refused upgrade reaches the page without its reason: ask over HTTP whether the session still stands.
    if (this.#link.failedAttempts === 2) void this.#checkSession();
  }

  async #checkSession(): Promise<void> {
    const reply = await getMe();
    const reason = reply.ok ? null : reasonOfStatus(reply.failure.status);
    if (reason === 'unauthenticated') this.#happened({ type: 'closedForGood', reason });
  }

  #happened(happening: Happening): void {
    this.#link = advance(this.#link, happening, Date.now());
    if (this.#link.phase === 'final') this.#close();
  }

  #schedulePaint(): void {
    this.#paintTimer ??= setTimeout(() => this.#paint(), PAINT_EVERY_MS);
  }

  #paint(): void {
    clearTimeout(this.#paintTimer);
    this.#paintTimer = undefined;
    if (this.#board === null) return;
    this.#rows = arrangeRows(this.#rows, this.#board.calls, this.#held);
    this.#campaigns = this.#board.campaigns;
    this.#clockOffsetMs = this.#board.clockOffsetMs;
    this.#count();
  }

  /** Counters change once a second at most; the last change is still counted. */
  #count(): void {
    if (this.#board === null || this.#countTimer !== undefined) return;
    this.#stats = boardStats(this.#board);
    this.#countTimer = setTimeout(() => {
      this.#countTimer = undefined;
      if (this.#board !== this.#counted) this.#count();
    }, COUNT_EVERY_MS);
    this.#counted = this.#board;
  }
}
