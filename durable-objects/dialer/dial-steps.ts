import type { Campaign } from '../../domain/campaign/campaign.ts';
import { appendDecisions } from '../../database/decisions.ts';
import type { QueuedLead } from '../../database/dial-queue.ts';
import { queuedLead } from '../../database/dial-queue.ts';
import { campaignNamed } from '../../database/campaigns.ts';
import type { Claimed } from '../../database/dials.ts';
import { claimDials, claimsFound } from '../../database/dials.ts';
import type { CarrierKind, DialOrder } from '../../domain/dial/order.ts';
import type { DialDecision } from '../../domain/dial/decision.ts';
import type { Judgement } from '../../domain/dial/judge.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import type { Lead } from '../../domain/lead/lead.ts';
import { log } from '../log.ts';
import { callOrder } from './call-order.ts';
import type { BookedDial, DialBook } from './dial-book.ts';
import type { DialerOutside, DialerSurroundings } from './dialer-surroundings.ts';

/** A claim whose call was not requested by then is given back: what was judged holds no more, ms. */
const FRESH_MS = 10_000;
/** A claim that D1 did not answer may still arrive there so long, ms. */
const MAY_ARRIVE_MS = 60_000;
/** A call whose end was not told is asked for it this often, ms (DIAL-5). */
export const ASK_MS = 60_000;

/** Of a dial that was allowed: whom, by whose rules, by which way. */
export interface Dial {
  readonly queued: QueuedLead;
  readonly judgement: Judgement;
}
export interface DialWith {
  readonly campaign: Campaign;
  readonly carrier: CarrierKind;
  /** `campaign:<id>`, or who asked for it by hand. */
  readonly requestedBy: string;
}

/** What whoever owns the steps hears of them. */
export interface StepTells {
  settle(end: Settlement): Promise<void>;
  /** So many slots were taken. */
  claimed(calls: number): void;
}

/** Carries dials from judged to requested, each step written down before the next, and finishes what a crash left. */
export class DialSteps {
  readonly #around: DialerSurroundings;
  readonly #outside: DialerOutside;
  readonly #book: DialBook;
  readonly #chain: string;
  readonly #by: 'campaign' | 'hand';
  readonly #tells: StepTells;
  /** Under way in this life: nobody else finishes them. */
  readonly #underWay = new Set<string>();

  constructor(
    around: DialerSurroundings,
    outside: DialerOutside,
    book: DialBook,
    chain: string,
    tells: StepTells,
  ) {
    this.#around = around;
    this.#outside = outside;
    this.#book = book;
    this.#chain = chain;
    this.#by = chain === MANUAL ? 'hand' : 'campaign';
    this.#tells = tells;
  }

  /** @returns what came of each claim, in order. Throws when that is not known; `goOn` finds out. */
  async dial(dials: readonly Dial[], by: DialWith, callIds?: readonly string[]): Promise<Claimed[]> {
    const nowMs = this.#around.nowMs();
    const begun = dials.map(({ queued, judgement }, index) => ({
      callId: callIds?.[index] ?? this.#outside.newCallId(),
      leadId: queued.lead.leadId,
      judgement,
      queued,
    }));
    for (const { callId } of begun) this.#underWay.add(callId);
    try {
      this.#book.begin(begun, nowMs);
      const claims = begun.map(({ callId, leadId, judgement }) => ({
        callId,
        leadId,
        version: by.campaign.version,
        per24h: judgement.caps.per24h,
      }));
      const answers = await claimDials(this.#outside.database, claims, this.#by, nowMs);
      const claimed = new Map(begun.map((each) => [each.callId, each.queued.lead]));
      for (const { callId } of begun) if (answers.get(callId) !== 'claimed') claimed.delete(callId);
      this.#book.forget(begun.map(({ callId }) => callId).filter((callId) => !claimed.has(callId)));
      this.#tells.claimed(claimed.size);
      if (claimed.size > 0) await this.#request(claimed, by);
      return begun.map(({ callId }) => answers.get(callId) ?? 'lead');
    } finally {
      for (const { callId } of begun) this.#underWay.delete(callId);
    }
  }

  /** The slots are taken: the decisions join the chain, stand in D1, and the calls begin. */
  async #request(claimed: ReadonlyMap<string, Lead>, by: DialWith): Promise<void> {
    const booked = this.#book.all().filter((each) => claimed.has(each.callId) && each.step === 'claiming');
    const before = this.#book.head.seq;
    this.#book.claimed(booked, this.#chain, this.#outside.sha256);
    const decisions = new Map(
      this.#book
        .owed()
        .filter((each) => each.seq > before)
        .flatMap((each) => (each.callId === null ? [] : [[each.callId, each]])),
    );
    await this.deliverDecisions();
    await Promise.all(
      [...claimed].map(async ([callId, lead]) => {
        const decision = decisions.get(callId);
        if (decision !== undefined) await this.#requestOne(callId, lead, decision, by);
      }),
    );
  }

  async #requestOne(callId: string, lead: Lead, decision: DialDecision, by: DialWith): Promise<void> {
    try {
      await this.#outside.requestCall(
        callOrder(
          by.campaign,
          by.carrier,
          this.#outside.media,
          lead,
          { ...decision, callId },
          by.requestedBy,
        ),
        lead,
      );
      this.#book.requested(callId, this.#around.nowMs());
    } catch (error) {
      // It may have begun all the same: whoever goes on asks it first.
      log('warn', 'a call was not requested for sure', { callId, error: String(error) });
    }
  }

  /** Whatever D1 does not have yet. @throws Error when it still has not */
  async deliverDecisions(): Promise<void> {
    for (let owed = this.#book.owed(); owed.length > 0; owed = this.#book.owed()) {
      await appendDecisions(this.#outside.database, owed);
      this.#book.delivered(owed);
    }
  }

  /** Refusals join the chain; they reach D1 with the next delivery. */
  refuse(judgements: readonly Judgement[]): void {
    if (judgements.length > 0) this.#book.refused(judgements, this.#chain, this.#outside.sha256);
  }

  /**
   * Goes on with what an eviction or a lost answer left between two steps (DIAL-8).
   * What cannot be finished now waits for `nextAtMs`.
   */
  async goOn(): Promise<void> {
    await this.deliverDecisions();
    await this.#findClaims();
    const nowMs = this.#around.nowMs();
    const open = this.#book.all().filter((each) => !this.#underWay.has(each.callId));
    const due = open.filter((each) => each.step === 'claimed' || nextAsk(each) <= nowMs);
    await Promise.all(due.filter((each) => each.step !== 'claiming').map((each) => this.#askOf(each)));
  }

  /** When to go on; null when nothing is under way. */
  nextAtMs(): number | null {
    const times = this.#book.all().map(nextAsk);
    return times.length === 0 ? null : Math.max(Math.min(...times), this.#around.nowMs() + 1);
  }

  /** Claims whose answer never came. */
  async #findClaims(): Promise<void> {
    const asked = this.#book
      .all()
      .filter((each) => each.step === 'claiming' && !this.#underWay.has(each.callId));
    if (asked.length === 0) return;
    const found = await claimsFound(
      this.#outside.database,
      asked.map((each) => each.callId),
    );
    const nowMs = this.#around.nowMs();
    const claimed = asked.filter((each) => found.has(each.callId));
    if (claimed.length > 0) {
      this.#book.claimed(claimed, this.#chain, this.#outside.sha256);
      this.#tells.claimed(claimed.length);
    }
    await this.deliverDecisions();
    const lost = asked.filter((each) => !found.has(each.callId) && nowMs - each.atMs > MAY_ARRIVE_MS);
    this.#book.forget(lost.map((each) => each.callId));
  }

  async #askOf(dial: BookedDial): Promise<void> {
    this.#underWay.add(dial.callId);
    try {
      const news = await this.#outside.callNews(dial.callId);
      const nowMs = this.#around.nowMs();
      if (news === 'goingOn') this.#book.requested(dial.callId, nowMs);
      else if (news !== 'unknown') await this.#tells.settle(news);
      else if (dial.step === 'claimed' && nowMs - dial.atMs <= FRESH_MS) await this.#requestAgain(dial);
      else await this.#tells.settle(this.#neverRung(dial, nowMs));
    } catch (error) {
      log('warn', 'a dial could not be gone on with', { callId: dial.callId, error: String(error) });
    } finally {
      this.#underWay.delete(dial.callId);
    }
  }

  /** By what stands now: its settings may have changed since, but nobody was rung by them. */
  async #requestAgain(dial: BookedDial): Promise<void> {
    const { database } = this.#outside;
    const queued = await queuedLead(database, dial.leadId);
    const campaign = queued === null ? null : await campaignNamed(database, queued.lead.campaignId);
    const carrier = campaign === null ? null : await carrierKind(database, campaign.carrierId);
    const decision = await decisionOf(database, dial.callId);
    const nowMs = this.#around.nowMs();
    if (queued === null || campaign === null || carrier === null || decision === null) {
      return this.#tells.settle(this.#neverRung(dial, nowMs));
    }
    const requestedBy = this.#by === 'hand' ? 'system' : `campaign:${campaign.campaignId}`;
    await this.#requestOne(dial.callId, queued.lead, decision, { campaign, carrier, requestedBy });
  }

  /** A slot that no call ever used. */
  #neverRung({ callId, leadId }: BookedDial, nowMs: number): Settlement {
    return {
      callId,
      chain: this.#chain,
      leadId,
      campaignId: null,
      outcome: 'cancelled',
      endedAtMs: nowMs,
      answeredAtMs: null,
      rung: false,
      doNotCall: false,
      callBackForAtMs: null,
      // The request may still be on its way, and the call take its last look as this is written.
      unlessLetRing: true,
    };
  }
}

/** The chain, and the dialer's name, of calls by hand. */
export const MANUAL = 'manual';

function nextAsk({ step, atMs, askedAtMs }: BookedDial): number {
  if (step === 'requested') return askedAtMs + ASK_MS;
  return step === 'claimed' ? atMs + FRESH_MS / 2 : atMs + MAY_ARRIVE_MS / 2;
}

async function carrierKind(database: D1Database, carrierId: string): Promise<DialOrder['carrier'] | null> {
  const row = await database
    .prepare('SELECT kind FROM carriers WHERE carrier_id = ?1')
    .bind(carrierId)
    .first<{ kind: DialOrder['carrier'] }>();
  return row?.kind ?? null;
}

async function decisionOf(database: D1Database, callId: string): Promise<DialDecision | null> {
  const row = await database
    .prepare('SELECT record FROM decisions WHERE call_id = ?1')
    .bind(callId)
    .first<{ record: string }>();
  return row === null ? null : (JSON.parse(row.record) as DialDecision);
}
