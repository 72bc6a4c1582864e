import { campaignNamed } from '../../database/campaigns.ts';
import { queuedLead, situationOf } from '../../database/dial-queue.ts';
import { claimsFound, liveDials, settleDial } from '../../database/dials.ts';
import type { ClaimRefusal } from '../../database/dial-conditions.ts';
import { judgeDial } from '../../domain/dial/judge.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import { log } from '../log.ts';
import { DialBook } from './dial-book.ts';
import { DialSteps, MANUAL } from './dial-steps.ts';
import type { DialerOutside, DialerSurroundings } from './dialer-surroundings.ts';

/** What came of asking for a call by hand. */
export type CalledByHand =
  | { readonly kind: 'called'; readonly callId: string }
  | { readonly kind: 'unknown' }
  /** The judge says no: its sentence. */
  | { readonly kind: 'refused'; readonly because: string };

/** Another try at going on with what failed, ms. */
const AGAIN_MS = 5_000;

const whyNot: Readonly<Record<ClaimRefusal, string>> = {
  campaign: 'the campaign was changed this moment: try again',
  lead: 'the lead is being called, or is not to be called',
  doNotCall: 'the number is on the do-not-call list',
  numberBusyWithUs: 'the number is being called already',
  attemptsUsed: 'all attempts are used',
  lifetimeCap: 'the number was called as often as it ever may be',
  dailyCap: 'the number was called as often as it may be in 24 hours',
  carrier: 'its carrier is gone or switched off',
  slots: 'all lines are taken',
  pace: 'calls are being placed as fast as they may be: try again in a moment',
};

/** Calls by hand, of all campaigns: the same judge and the same claim, with a chain of decisions of their own (CAMP-5). */
export class HandDialer {
  readonly #around: DialerSurroundings;
  readonly #outside: DialerOutside;
  readonly #book: DialBook;
  readonly #steps: DialSteps;
  #adopted = false;

  constructor(around: DialerSurroundings, outside: DialerOutside) {
    this.#around = around;
    this.#outside = outside;
    this.#book = new DialBook(around);
    this.#steps = new DialSteps(around, outside, this.#book, MANUAL, {
      settle: (end) => this.settle(end),
      claimed: () => undefined,
    });
  }

  /** The same `callId` again is the same call. */
  async call(leadId: string, callId: string, requestedBy: string): Promise<CalledByHand> {
    const { database } = this.#outside;
    const nowMs = this.#around.nowMs();
    const queued = await queuedLead(database, leadId);
    const campaign = queued === null ? null : await campaignNamed(database, queued.lead.campaignId);
    if (queued === null || campaign === null) return { kind: 'unknown' };
    if ((await claimsFound(database, [callId])).has(callId)) return { kind: 'called', callId };
    const judgement = judgeDial(queued.lead, campaign, queued.history, nowMs);
    if (judgement.verdict === 'refused') {
      this.#steps.refuse([judgement]);
      await this.#steps.deliverDecisions();
      return { kind: 'refused', because: judgement.because };
    }
    const carrier = (await situationOf(database, campaign.campaignId, nowMs))?.carrier ?? null;
    if (carrier === null || this.#outside.media === 'silent') return no('carrier');
    if ((await this.#outside.freeSeats()) <= 0) {
      return { kind: 'refused', because: 'Refused because no agent has a free seat.' };
    }
    this.#around.setAlarm(nowMs + AGAIN_MS);
    const [answer = 'lead'] = await this.#steps.dial(
      [{ queued, judgement }],
      { campaign, carrier, requestedBy },
      [callId],
    );
    await this.#wake(campaign.campaignId);
    return answer === 'claimed' ? { kind: 'called', callId } : no(answer);
  }

  async settle(end: Settlement): Promise<void> {
    const { letRing } = await settleDial(this.#outside.database, end);
    if (letRing) return this.#book.requested(end.callId, this.#around.nowMs());
    this.#book.forget([end.callId]);
    const queued = end.leadId === null ? null : await queuedLead(this.#outside.database, end.leadId);
    if (queued !== null) await this.#wake(queued.lead.campaignId);
  }

  /** Looks after what is under way. */
  async alarm(): Promise<void> {
    try {
      if (!this.#adopted) {
        for (const { callId, leadId, startedAtMs } of await liveDials(this.#outside.database, null))
          this.#book.adopt(callId, leadId, startedAtMs);
        this.#adopted = true;
      }
      await this.#steps.goOn();
    } catch (error) {
      log('warn', 'calls by hand could not be looked after', { error: String(error) });
    }
    const nextAtMs = this.#steps.nextAtMs();
    if (nextAtMs !== null) this.#around.setAlarm(Math.max(nextAtMs, this.#around.nowMs() + AGAIN_MS));
  }

  async chainHead(): Promise<DialBook['head']> {
    await this.#steps.deliverDecisions();
    return this.#book.head;
  }

  /** Its counts have changed; should it not hear of it, it counts anew when it wakes. */
  async #wake(campaignId: string): Promise<void> {
    try {
      await this.#outside.wakeCampaign(campaignId);
    } catch (error) {
      log('warn', 'a campaign did not hear of a call by hand', { campaignId, error: String(error) });
    }
  }
}

const no = (refusal: ClaimRefusal): CalledByHand => ({
  kind: 'refused',
  because: `Refused because ${whyNot[refusal]}.`,
});
