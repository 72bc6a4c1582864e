import { systemAuditIfChanged } from '../../database/audit.ts';
import type { Move } from '../../database/campaigns.ts';
import { finishCampaign, moveCampaign } from '../../database/campaigns.ts';
import type { PutOff, QueuedLead, Situation } from '../../database/dial-queue.ts';
import { putOff, queuedLeads, situationOf } from '../../database/dial-queue.ts';
import { lastAnswered, liveDials, settleDial } from '../../database/dials.ts';
import { BRAKE_LOOKS_AT, findsNobody, mustBrake } from '../../domain/campaign/brake.ts';
import type { Campaign } from '../../domain/campaign/campaign.ts';
import type { Room, WaitsFor } from '../../domain/campaign/planner.ts';
import { plan, roomFor } from '../../domain/campaign/planner.ts';
import type { DialRefusal } from '../../domain/dial/decision.ts';
import { judgeHours } from '../../domain/dial/hours.ts';
import type { Judgement } from '../../domain/dial/judge.ts';
import { judgeDial } from '../../domain/dial/judge.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import { zoneEvidenceOf } from '../../domain/dial/zone-evidence.ts';
import type { LeadStatus } from '../../domain/lead/lead.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';
import { log } from '../log.ts';
import { DialBook } from './dial-book.ts';
import type { Dial } from './dial-steps.ts';
import { DialSteps } from './dial-steps.ts';
import type { DialerOutside, DialerSurroundings } from './dialer-surroundings.ts';
import type { Standing } from './herald.ts';
import { Herald } from './herald.ts';
import { ProgressBook } from './progress-book.ts';

/** Should a round be cut off, another begins after this, ms: longer than D1 takes. */
const CUT_OFF_MS = 30_000;
/** A failing world is asked again after this, doubling, ms. */
const FAILED_AGAIN_MS = 1_000;
const FAILED_AGAIN_AT_MOST_MS = 60_000;
/** Leads that are judged at a time, at most; claims in one transaction, at most. */
const JUDGED_AT_ONCE = 200;
const CLAIMED_AT_ONCE = 20;
/** What was planned and then refused in D1 is planned anew after this, ms. */
const OVERTAKEN_AGAIN_MS = 1_000;
/** A seat is reserved within this after a call was requested, ms. */
const SEATED_AFTER_MS = 1_000;

/** What a lead becomes that nothing can ever allow. */
const atItsEnd = (refusal: DialRefusal | null): LeadStatus =>
  refusal === 'doNotCall' ? 'doNotCall' : 'exhausted';

/**
 * A campaign's dialer: plans, claims, requests, settles. What is true is in D1; here is only what is under way. It knows
 * no runtime, so that the simulation runs this very class. One round at a time; whatever wakes it makes it look at
 * everything again.
 */
export class LiveDialer {
  readonly #around: DialerSurroundings;
  readonly #outside: DialerOutside;
  readonly #campaignId: string;
  readonly #book: DialBook;
  readonly #steps: DialSteps;
  readonly #progress: ProgressBook;
  readonly #herald: Herald;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #alarmAtMs: number | null = null;
  /** D1 was compared with the book in this life. */
  #adopted = false;
  #brakeDue = true;
  #campaign: Campaign | null = null;
  #nextAtMs: number | null = null;
  #waitsFor: WaitsFor | null = null;

  constructor(around: DialerSurroundings, outside: DialerOutside, campaignId: string) {
    this.#around = around;
    this.#outside = outside;
    this.#campaignId = campaignId;
    this.#book = new DialBook(around);
    this.#progress = new ProgressBook(outside.database, campaignId, () => around.nowMs());
    this.#herald = new Herald(around, outside);
    this.#steps = new DialSteps(around, outside, this.#book, campaignId, {
      settle: (end) => this.#settleOne(end),
      claimed: (calls) => this.#progress.dialled(calls),
    });
  }

  /** Others changed something: its settings, its leads, its status. */
  wake(): void {
    this.#progress.doubt();
    this.#look();
  }

  alarm(): void {
    this.#alarmAtMs = null;
    this.#look();
  }

  /** A call has ended, or a wish was heard late: told at least once (DIAL-5). */
  async settle(end: Settlement): Promise<void> {
    await this.#settleOne(end);
    this.#look();
  }

  /** As it stands; counted first when that is in doubt. */
  async progress(): Promise<CampaignProgress | null> {
    await this.#situation();
    await this.#progress.settle(true);
    return this.#herald.progress(this.#standing());
  }

  #standing(): Standing {
    const { counts } = this.#progress;
    return { campaign: this.#campaign, counts, nextAtMs: this.#nextAtMs, waitsFor: this.#waitsFor };
  }

  async chainHead(): Promise<DialBook['head']> {
    await this.#steps.deliverDecisions();
    return this.#book.head;
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #look(): void {
    this.#again = true;
    if (this.#running !== null) return;
    this.#running = this.#rounds().finally(() => (this.#running = null));
    this.#around.background(this.#running);
  }

  async #rounds(): Promise<void> {
    this.#wakeBy(this.#around.nowMs() + CUT_OFF_MS);
    let nextAtMs: number | null = null;
    while (this.#again) {
      this.#again = false;
      try {
        nextAtMs = await this.#round();
        this.#failures = 0;
      } catch (error) {
        this.#progress.doubt();
        log('warn', 'a round of dialling failed', { campaignId: this.#campaignId, error: String(error) });
        nextAtMs =
          this.#around.nowMs() + Math.min(FAILED_AGAIN_MS * 2 ** this.#failures++, FAILED_AGAIN_AT_MOST_MS);
      }
      if (nextAtMs !== null && nextAtMs <= this.#around.nowMs()) this.#again = true;
    }
    if (nextAtMs !== null) return this.#wakeBy(nextAtMs, true);
    // All is done: the alarm that stood for a crash must not ring for ever.
    this.#alarmAtMs = null;
    this.#around.setAlarm(null);
  }

  /** Sets the alarm; unless `exactly`, only when none rings before. */
  #wakeBy(atMs: number, exactly = false): void {
    if (this.#alarmAtMs === atMs || (!exactly && this.#alarmAtMs !== null && this.#alarmAtMs <= atMs)) return;
    this.#alarmAtMs = Math.max(atMs, this.#around.nowMs() + 1);
    this.#around.setAlarm(this.#alarmAtMs);
  }

  /** Looks at everything once. @returns when to look again; null: not before something wakes it */
  async #round(): Promise<number | null> {
    await this.#adopt();
    await this.#steps.goOn();
    let situation = await this.#situation();
    if (situation === null) return this.#steps.nextAtMs();
    situation = await this.#start(situation);
    situation = await this.#brake(situation);
    const { status } = situation.campaign;
    const dialAtMs = status === 'running' ? await this.#dial(situation) : situation.campaign.startsAtMs;
    await this.#finish(situation);
    await this.#progress.settle(false);
    this.#nextAtMs = dialAtMs;
    await this.#herald.announce(this.#standing());
    await this.#herald.tell(this.#standing());
    const times = [this.#steps.nextAtMs(), dialAtMs, this.#progress.countAgainAtMs];
    const due = times.filter((each) => each !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  async #situation(): Promise<Situation | null> {
    const found = await situationOf(this.#outside.database, this.#campaignId, this.#around.nowMs());
    this.#campaign = found?.campaign ?? null;
    return found;
  }

  /** A dialer that was lost with its storage finds its slots in D1. */
  async #adopt(): Promise<void> {
    if (this.#adopted) return;
    for (const { callId, leadId, startedAtMs } of await liveDials(this.#outside.database, this.#campaignId))
      this.#book.adopt(callId, leadId, startedAtMs);
    this.#adopted = true;
  }

  async #start(situation: Situation): Promise<Situation> {
    const { status, startsAtMs } = situation.campaign;
    const nowMs = this.#around.nowMs();
    if (status !== 'scheduled' || startsAtMs === null || startsAtMs > nowMs) return situation;
    const move = { to: 'running', from: ['scheduled'], startedAtMs: nowMs, endedAtMs: null } as const;
    await this.#move(move, 'campaign.started', null);
    return (await this.#situation()) ?? situation;
  }

  /** By itself, and written down as that. */
  async #move(
    move: Move,
    action: 'campaign.started' | 'campaign.paused',
    detail: string | null,
  ): Promise<void> {
    const { database } = this.#outside;
    const done = { action, subject: `campaign:${this.#campaignId}`, detail };
    const entry = systemAuditIfChanged(database, done, this.#around.nowMs());
    await moveCampaign(database, this.#campaignId, move, entry);
  }

  /** Too many answered and found nobody: it pauses itself (CAMP-4). */
  async #brake(situation: Situation): Promise<Situation> {
    const { campaign } = situation;
    const known = this.#around.kv.get<string>('status');
    if (campaign.status === 'running' && known !== 'running') {
      // What was before a person let it go on is known to them.
      this.#around.kv.put('brakeSinceMs', this.#around.nowMs());
    }
    if (known !== campaign.status) this.#around.kv.put('status', campaign.status);
    if (campaign.status !== 'running' || !this.#brakeDue) return situation;
    const { database } = this.#outside;
    const sinceMs = this.#around.kv.get<number>('brakeSinceMs') ?? 0;
    const outcomes = await lastAnswered(database, this.#campaignId, sinceMs, BRAKE_LOOKS_AT);
    this.#brakeDue = false;
    if (!mustBrake(outcomes.map((outcome) => ({ outcome })))) return situation;
    const move = { to: 'paused', from: ['running'], pausedBecause: 'abandonBrake' } as const;
    await this.#move(move, 'campaign.paused', 'abandon brake');
    return (await this.#situation()) ?? situation;
  }

  /** Dials as many as there is room for. @returns when to look again */
  async #dial(situation: Situation): Promise<number | null> {
    const nowMs = this.#around.nowMs();
    const { nextDueAtMs } = situation;
    this.#waitsFor = null;
    if (nextDueAtMs === null) return null;
    if (nextDueAtMs > nowMs) {
      this.#waitsFor = await this.#waitingReason(situation);
      return nextDueAtMs;
    }
    const room = await this.#room(situation);
    if (room.calls === 0) {
      this.#waitsFor = room.waitsFor;
      return room.againAtMs;
    }
    const calls = Math.min(room.calls, CLAIMED_AT_ONCE);
    const limit = Math.min(Math.max(calls, this.#looksAt), JUDGED_AT_ONCE);
    const due = await queuedLeads(this.#outside.database, this.#campaignId, nowMs, limit);
    const planned = plan(calls, due, ({ lead, history }) =>
      judgeDial(lead, situation.campaign, history, nowMs),
    );
    // Many closed ones in front of an open one are looked at in larger and larger handfuls.
    this.#looksAt = planned.dial.length === 0 ? limit * 4 : 1;
    await this.#refuse(planned.refuse, nowMs);
    const claimed = await this.#claim(planned.dial, situation);
    if (claimed === planned.dial.length) return nowMs;
    return nowMs + OVERTAKEN_AGAIN_MS;
  }

  #looksAt = 1;

  async #room({ carrier, lanes }: Situation): Promise<Room> {
    const nowMs = this.#around.nowMs();
    const unseated = this.#book.all().filter((each) => each.atMs > nowMs - SEATED_AFTER_MS).length;
    const carrierReady = carrier !== null && this.#outside.media === 'livekit';
    const freeSeats = carrierReady ? (await this.#outside.freeSeats()) - unseated : 0;
    return roomFor({ lanes, carrierReady, freeSeats, nowMs });
  }

  async #refuse(
    refused: readonly { readonly lead: QueuedLead; readonly judgement: Judgement }[],
    nowMs: number,
  ): Promise<void> {
    if (refused.length === 0) return;
    this.#steps.refuse(refused.map(({ judgement }) => judgement));
    const off = refused.map(({ lead, judgement }): PutOff => {
      const { nextOpenAtMs, refusal } = judgement;
      return {
        leadId: lead.lead.leadId,
        status: nextOpenAtMs === null ? atItsEnd(refusal) : 'waiting',
        nextAttemptAtMs: Math.max(nextOpenAtMs ?? 0, nowMs + 1),
        outcome: nextOpenAtMs === null ? refusal : null,
      };
    });
    this.#progress.putOff(await putOff(this.#outside.database, off, nowMs));
    await this.#steps.deliverDecisions();
  }

  /** @returns how many were claimed */
  async #claim(
    planned: readonly { readonly lead: QueuedLead; readonly judgement: Judgement }[],
    { campaign, carrier }: Situation,
  ): Promise<number> {
    if (planned.length === 0 || carrier === null) return 0;
    const dials = planned.map(({ lead, judgement }): Dial => ({ queued: lead, judgement }));
    const requestedBy = `campaign:${this.#campaignId}`;
    const answers = await this.#steps.dial(dials, { campaign, carrier, requestedBy });
    return answers.filter((each) => each === 'claimed').length;
  }

  /** Leads wait, and none is due: for their hours, or for another try. */
  async #waitingReason({ campaign }: Situation): Promise<WaitsFor> {
    const [first] = await queuedLeads(this.#outside.database, this.#campaignId, null, 1);
    if (first === undefined) return 'retries';
    const hours = judgeHours(zoneEvidenceOf(first.lead), campaign.windows, this.#around.nowMs());
    return hours.open ? 'retries' : 'hours';
  }

  async #finish({ campaign, nextDueAtMs }: Situation): Promise<void> {
    if (campaign.status !== 'running' || nextDueAtMs !== null) return;
    if (!(await finishCampaign(this.#outside.database, this.#campaignId, this.#around.nowMs()))) return;
    this.#progress.doubt();
    await this.#progress.settle(true);
    await this.#situation();
  }

  async #settleOne(end: Settlement): Promise<void> {
    await this.#progress.change(async () => {
      const booked = this.#book.all().find((each) => each.callId === end.callId);
      const settled = await settleDial(this.#outside.database, end);
      if (settled.letRing) return this.#book.requested(end.callId, this.#around.nowMs());
      this.#book.forget([end.callId]);
      this.#progress.settled(end, settled, booked?.atMs ?? null);
    });
    if (end.answeredAtMs !== null && findsNobody(end.outcome)) this.#brakeDue = true;
  }
}
