import type { CallEvent } from '../../../domain/call/fact.ts';
import type { Complain } from '../stage.ts';
import { CallModel } from './call-model.ts';
import { wrongWithDialling } from './dial-judge.ts';
import { endingIsWrong } from './ending.ts';
import { AGENTS_A_CALL, LATE_WORDS_MS, OFFER_OPENS_MS, OFFERS_IN_A_ROW, SEARCH_MS } from './limits.ts';

const LATE: ReadonlySet<string> = new Set([
  'wordsSpoken',
  'turnMeasured',
  'usageReported',
  'doNotCallRequested',
]);

/** Reads each ledger entry as it is written and holds it against docs/call-rules.md. */
export class LedgerJudge {
  readonly events: CallEvent[] = [];
  readonly model = new CallModel();
  /** How often LiveKit refused the dispatch of an offer, as far as the object knows. */
  failedDispatches: (offer: number) => number = () => 0;
  readonly #complain: Complain;
  /** What the entry before makes the next one be: an outcome, or the promise of a call back. */
  #mustFollow: string | null = null;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  /** Entries written in one go at `nowMs`. */
  take(entries: readonly CallEvent[], nowMs: number): void {
    for (const event of entries) {
      if (event.seq !== this.events.length + 1)
        this.#complain('LEDGER-2', `event ${event.seq} is out of place`);
      if (event.atMs !== nowMs)
        this.#complain('LEDGER-10', `${event.type} is dated ${event.atMs - nowMs} ms off`);
      const wrong = this.#wrongWith(event);
      if (wrong !== null) this.#complain(...wrong);
      this.events.push(event);
      this.model.apply(event);
      this.#mustFollow = this.#nextAfter(event);
    }
    if (this.#mustFollow !== null) this.#complain('LEDGER-3', `the call goes on without ${this.#mustFollow}`);
  }

  #nextAfter(event: CallEvent): string | null {
    const { agents, customer, offersMade, promisedAtMs } = this.model;
    if (event.type === 'dialFailed') return event.failure;
    if (event.type === 'agentLeft' && agents.length >= AGENTS_A_CALL) return 'agentFailed';
    if (event.type !== 'offerExpired' || offersMade < OFFERS_IN_A_ROW) return null;
    return customer !== null && promisedAtMs === null ? 'callBackPromised' : 'noAgent';
  }

  /** The rule and what is wrong with the next entry, judged by all before it. */
  #wrongWith(event: CallEvent): [string, string] | null {
    const model = this.model;
    if (model.end !== null && !LATE.has(event.type)) return ['LEDGER-3', `${event.type} after the end`];
    // A machine's call is a voicemail, whatever ends it (AMD-1).
    const ends = event.type === 'callEnded' && model.machine && event.outcome === 'voicemail';
    const follows = ends ? this.#mustFollow : event.type === 'callEnded' ? event.outcome : event.type;
    if (this.#mustFollow !== null && follows !== this.#mustFollow) {
      return ['LEDGER-3', `${follows} instead of ${this.#mustFollow}`];
    }
    switch (event.type) {
      case 'callRequested':
        return this.events.length === 0 ? null : ['LEDGER-3', 'the call was requested twice'];
      case 'agentOffered':
        if (model.agent !== null) return ['DISPATCH-3', 'offered although an agent serves the call'];
        if (model.offer !== null) return ['DISPATCH-1', 'offered while an offer stands'];
        return event.offer === model.lastOffer + 1 ? null : ['DISPATCH-1', 'an offer number is used again'];
      case 'offerExpired':
        if (model.offer?.offer !== event.offer) return ['DISPATCH-2', 'an offer expired that does not stand'];
        if (event.reason === 'notOpened') {
          const early = event.atMs < model.offer.atMs + OFFER_OPENS_MS;
          return early ? ['DISPATCH-2', 'an offer expired before its 12 s'] : null;
        }
        return this.failedDispatches(event.offer) >= 3
          ? null
          : ['DISPATCH-1', 'a dispatch counts as missed too early'];
      case 'agentJoined':
        if (model.agent !== null) return ['DISPATCH-3', 'a second agent was admitted'];
        if (model.seatOf(event.session) !== null)
          return ['DISPATCH-3', 'a superseded agent was admitted again'];
        return event.offer > model.lastOffer ? ['DISPATCH-1', 'an agent came for an offer never made'] : null;
      case 'agentLeft':
        return model.agent?.session === event.session
          ? null
          : ['DISPATCH-5', 'an agent left that does not serve'];
      case 'customerJoined':
        if (model.gone.has(event.connection)) return ['LEDGER-3', 'a connection that is over joined again'];
        return model.customer === event.connection ? ['LEDGER-3', 'the customer joined twice'] : null;
      case 'customerLeft':
        return model.gone.has(event.connection) ? ['LEDGER-3', 'a connection left twice'] : null;
      case 'wordsSpoken':
        return this.#wrongWords(event);
      case 'callBackPromised': {
        if (model.customer === null) return ['DISPATCH-8', 'a call back was promised to nobody'];
        if (model.promisedAtMs !== null) return ['DISPATCH-8', 'a call back was promised twice'];
        const patienceMs = SEARCH_MS + model.offersMade * OFFER_OPENS_MS;
        const givenUp = model.searchingSinceMs !== null && event.atMs >= model.searchingSinceMs + patienceMs;
        if (this.#mustFollow !== null || (givenUp && model.offer === null)) return null;
        return ['DISPATCH-8', 'a call back was promised before the search was over'];
      }
      case 'callEnded': {
        const wrong = this.#mustFollow === null || model.end !== null ? endingIsWrong(model, event) : null;
        return wrong === null ? null : ['LEDGER-3', wrong];
      }
      default:
        return wrongWithDialling(model, event);
    }
  }

  #wrongWords(words: Extract<CallEvent, { type: 'wordsSpoken' }>): [string, string] | null {
    const model = this.model;
    if (words.startedAtMs < model.requestedAtMs) return ['LEDGER-10', 'words from before the call'];
    if (words.endedAtMs > words.atMs) return ['LEDGER-10', 'words from the future'];
    if (words.endedAtMs < words.startedAtMs) return ['LEDGER-10', 'words end before they begin'];
    if (model.words.some((each) => each.utteranceId === words.utteranceId))
      return ['LEDGER-1', 'words written twice'];
    const seat = model.seatOf(words.utteranceId.split(':')[0] ?? '');
    const overAtMs = model.end?.atMs ?? seat?.leftAtMs ?? null;
    const late = overAtMs !== null && words.startedAtMs > overAtMs + LATE_WORDS_MS;
    return late ? ['LEDGER-3', 'words begun more than 5 s after the end'] : null;
  }
}
