import type { CallEvent } from '../../../domain/call/fact.ts';
import type { DeadlineName } from '../../../domain/call/deadlines.ts';
import {
  AGENT_RETURNS_MS,
  CUSTOMER_COMES_MS,
  CUSTOMER_RETURNS_MS,
  DIAL_STARTS_MS,
  FAREWELL_MS,
  LONGEST_CALL_MS,
  NO_SIGN_MS,
  NO_WORD_MS,
  OFFER_OPENS_MS,
  RINGS_LONGER_MS,
  SEARCH_MS,
} from './limits.ts';

export interface ModelSeat {
  readonly session: string;
  readonly hostId: string;
  readonly identity: string;
  readonly joinedAtMs: number;
  leftAtMs: number | null;
}

type Words = Extract<CallEvent, { type: 'wordsSpoken' }>;

/**
 * A call as the rules describe it, kept apart from the code's own fold and simpler: what `apply` and `deadlinesOf` are
 * compared with. It believes each entry; whether an entry is allowed is the ledger judge's business.
 */
export class CallModel {
  requestedAtMs = 0;
  lastEventAtMs = 0;
  answeredAtMs: number | null = null;
  end: { readonly outcome: string; readonly atMs: number; readonly seq: number } | null = null;
  offer: { readonly offer: number; readonly hostId: string; readonly atMs: number } | null = null;
  lastOffer = 0;
  offersMade = 0;
  /** Hosts to be asked last: those that missed an offer since an agent last came, and the one that lost it. */
  asksLast: string[] = [];
  searchingSinceMs: number | null = null;
  readonly agents: ModelSeat[] = [];
  /** The connection the customer is in the room with, as far as the ledger knows. */
  customer: string | null = null;
  customerCame = false;
  customerLeftAtMs: number | null = null;
  #lastConnection: string | null = null;
  readonly gone = new Set<string>();
  readonly words: Words[] = [];
  lastWordsAtMs = 0;
  hungUp = false;
  /** We ring the customer. */
  dialled = false;
  #ringMs = 0;
  dialStartedAtMs: number | null = null;
  dialFailed = false;
  readonly dialNews = new Set<string>();
  judged = false;
  machine = false;
  doNotCall = false;
  /** When a call back was promised; an agent who comes after all takes the promise back (DISPATCH-8). */
  promisedAtMs: number | null = null;

  /** The agent that serves the call now. */
  get agent(): ModelSeat | null {
    const last = this.agents.at(-1);
    return last !== undefined && last.leftAtMs === null ? last : null;
  }

  /** No customer came yet, but one is to be rung or may answer (DIAL-2). */
  get expected(): boolean {
    return this.dialled && !this.customerCame && !this.dialFailed;
  }

  seatOf(session: string): ModelSeat | null {
    return this.agents.find((each) => each.session === session) ?? null;
  }

  apply(event: CallEvent): void {
    this.lastEventAtMs = event.atMs;
    switch (event.type) {
      case 'callRequested':
        this.requestedAtMs = this.searchingSinceMs = event.atMs;
        this.dialled = event.dial !== undefined;
        this.#ringMs = event.dial?.ringMs ?? 0;
        break;
      case 'dialStarted':
        this.dialStartedAtMs = event.atMs;
        break;
      case 'dialPlaced':
      case 'dialRinging':
      case 'dialFailed':
        this.dialNews.add(event.type);
        this.dialFailed ||= event.type === 'dialFailed';
        break;
      case 'answeredBy':
        this.judged = true;
        this.machine = event.verdict === 'machine';
        break;
      case 'doNotCallRequested':
        this.doNotCall = true;
        break;
      case 'agentOffered':
        this.offer = { offer: event.offer, hostId: event.hostId, atMs: event.atMs };
        this.lastOffer = event.offer;
        this.offersMade++;
        break;
      case 'offerExpired':
        if (this.offer !== null) this.asksLast.push(this.offer.hostId);
        this.offer = null;
        break;
      case 'agentJoined': {
        const { session, hostId, identity, atMs: joinedAtMs } = event;
        this.agents.push({ session, hostId, identity, joinedAtMs, leftAtMs: null });
        this.offer = this.searchingSinceMs = this.promisedAtMs = null;
        this.offersMade = 0;
        this.asksLast = [];
        break;
      }
      case 'agentLeft': {
        const seat = this.seatOf(event.session);
        if (seat !== null) {
          seat.leftAtMs = event.atMs;
          this.asksLast = [seat.hostId];
        }
        this.searchingSinceMs = event.atMs;
        break;
      }
      case 'customerJoined':
        // A lost agent is sought anew only for somebody who waits: from now on.
        if (this.searchingSinceMs !== null && this.agents.length > 0 && this.customer === null) {
          this.searchingSinceMs = event.atMs;
        }
        this.customer = this.#lastConnection = event.connection;
        this.customerCame = true;
        break;
      case 'customerLeft':
        this.gone.add(event.connection);
        // Only its own connection takes a customer away; one that was never seen to join has come and gone at once.
        if (this.#lastConnection === null || this.#lastConnection === event.connection) {
          this.customer = null;
          this.customerLeftAtMs = event.atMs;
          this.#lastConnection = event.connection;
        }
        this.customerCame = true;
        break;
      case 'wordsSpoken':
        this.words.push(event);
        this.lastWordsAtMs = event.atMs;
        break;
      case 'callBackPromised':
        this.offer = this.searchingSinceMs = null;
        this.promisedAtMs = event.atMs;
        break;
      case 'hangUpRequested':
        this.hungUp = true;
        break;
      case 'callEnded':
        this.end = { outcome: event.outcome, atMs: event.atMs, seq: event.seq };
        this.offer = this.searchingSinceMs = null;
        break;
    }
    if (this.agent !== null && this.customer !== null && this.end === null) this.answeredAtMs ??= event.atMs;
  }

  /** Since when nobody has said a word; null before the call was answered. */
  get silentSinceMs(): number | null {
    return this.answeredAtMs === null ? null : Math.max(this.answeredAtMs, this.lastWordsAtMs);
  }

  /** Utterances among the first `count` written, in speaking order. */
  transcript(count: number): Words[] {
    return this.words.slice(0, count).sort((a, b) => a.startedAtMs - b.startedAtMs || a.seq - b.seq);
  }

  /** Every deadline that stands by the rules, earliest first. */
  deadlines(linkLostAtMs: number | null, lastSignAtMs: number): { name: DeadlineName; atMs: number }[] {
    if (this.end !== null) return [];
    const waited = this.customer !== null || this.agents.length === 0 || this.expected;
    const searching = this.offer === null && waited ? this.searchingSinceMs : null;
    const all: [DeadlineName, number | null, number][] = [
      ['agentArrival', this.offer?.atMs ?? null, OFFER_OPENS_MS],
      ['agentSearch', searching, SEARCH_MS + this.offersMade * OFFER_OPENS_MS],
      ['agentReturn', this.agent === null ? null : linkLostAtMs, AGENT_RETURNS_MS],
      ...this.#arrival(),
      ['farewell', this.agent === null ? this.promisedAtMs : null, FAREWELL_MS],
      ['customerReturn', this.customer === null ? this.customerLeftAtMs : null, CUSTOMER_RETURNS_MS],
      ['maximumDuration', this.answeredAtMs, LONGEST_CALL_MS],
      ['silence', this.silentSinceMs, NO_WORD_MS],
      ['stale', Math.max(lastSignAtMs, this.lastEventAtMs), NO_SIGN_MS],
    ];
    return all
      .flatMap(([name, sinceMs, afterMs]) => (sinceMs === null ? [] : [{ name, atMs: sinceMs + afterMs }]))
      .sort((a, b) => a.atMs - b.atMs);
  }

  #arrival(): [DeadlineName, number | null, number][] {
    if (!this.dialled)
      return [['customerArrival', this.customerCame ? null : this.requestedAtMs, CUSTOMER_COMES_MS]];
    const toBeRung = this.expected && this.dialStartedAtMs === null;
    const rings = this.expected ? this.dialStartedAtMs : null;
    return [
      ['dialStart', toBeRung ? (this.agent?.joinedAtMs ?? null) : null, DIAL_STARTS_MS],
      ['customerArrival', rings, this.ringsLongestMs],
    ];
  }

  get ringsLongestMs(): number {
    return this.#ringMs + RINGS_LONGER_MS;
  }
}
