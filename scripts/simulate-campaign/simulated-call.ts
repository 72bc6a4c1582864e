import { suppress } from '../../database/suppressions.ts';
import type { CallRequested, Outcome } from '../../domain/call/fact.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import { lastLook } from '../../durable-objects/dialer/last-look.ts';
import type { CallNews } from '../../durable-objects/dialer/dialer-surroundings.ts';
import type { Chance } from '../simulate/random.ts';
import type { VirtualClock } from '../simulate/virtual-clock.ts';
import type { CampaignJudge } from './judge.ts';
import type { Trouble } from './trouble.ts';

/** What a simulated call needs of the world it lives in. */
export interface CallWorld {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly judge: CampaignJudge;
  readonly database: D1Database;
  trouble(): Trouble;
  settle(end: Settlement): Promise<void>;
  suppressed(phone: string): void;
  seat(taken: number): void;
}

const DAY_MS = 86_400_000;
const SETTLE_AGAIN_MS = 2_000;
const TRIES = 12;
/** As `DIAL_START_MS`: with an agent there the carrier is asked within this. */
const DIAL_START_MS = 30_000;

/**
 * Stands for a call's own object, its agent, the carrier and whoever is called: an agent is found or not, the real last
 * look is taken, it rings once, somebody answers or not, and the end is told as the courier tells it.
 */
export class SimulatedCall {
  readonly #world: CallWorld;
  readonly #request: Omit<CallRequested, 'type'>;
  #end: Settlement | null = null;
  #rung = false;
  #seated = false;
  #answeredAtMs: number | null = null;
  #doNotCall = false;
  #callBackForAtMs: number | null = null;

  constructor(world: CallWorld, request: Omit<CallRequested, 'type'>) {
    this.#world = world;
    this.#request = request;
    const { chance, clock } = world;
    if (chance.happens(0.03)) {
      clock.after(chance.between(20_000, 60_000), () => this.#over('noAgent'));
      return;
    }
    world.seat(1);
    this.#seated = true;
    clock.after(chance.delay(100, 70_000), () => void this.#place(clock.nowMs));
  }

  news(): CallNews {
    return this.#end ?? 'goingOn';
  }

  get rings(): boolean {
    return this.#rung && this.#end === null;
  }

  get phone(): string {
    return this.#request.phone?.number ?? '';
  }

  /** The effect `placeDial`: at least once until it is done. */
  async #place(agentSinceMs: number): Promise<void> {
    const { clock, database, chance } = this.#world;
    if (this.#end !== null) return;
    if (clock.nowMs - agentSinceMs > DIAL_START_MS) return this.#over('carrierFailed');
    try {
      const look = await lastLook(database, this.#request.callId, () => clock.nowMs);
      if (this.#end !== null) return;
      if (look.kind === 'refused') return this.#over('cancelled');
      if (look.kind === 'ring') return this.#ring();
      clock.after(Math.max(look.afterMs, 1), () => void this.#place(agentSinceMs));
    } catch {
      clock.after(chance.between(250, 2_000), () => void this.#place(agentSinceMs));
    }
  }

  #ring(): void {
    const { chance, clock, judge } = this.#world;
    judge.rings(this.#request);
    this.#rung = true;
    const after = (ms: number, outcome: Outcome): void => clock.after(ms, () => this.#over(outcome));
    const fate = chance.next();
    if (fate < 0.2) after(chance.between(15_000, 35_000), 'noAnswer');
    else if (fate < 0.3) after(chance.between(500, 5_000), 'busy');
    else if (fate < 0.33) after(chance.between(500, 5_000), 'declined');
    else if (fate < 0.35) after(1_000, 'invalidNumber');
    else if (fate < 0.4) after(1_000, 'carrierFailed');
    else clock.after(chance.between(2_000, 20_000), () => this.#answer());
  }

  #answer(): void {
    const { chance, clock } = this.#world;
    this.#answeredAtMs = clock.nowMs;
    const after = (ms: number, outcome: Outcome): void => clock.after(ms, () => this.#over(outcome));
    const fate = chance.next();
    if (fate < 0.2) return after(chance.between(5_000, 15_000), 'voicemail');
    if (fate < 0.205) return after(2_000, 'abandoned');
    if (fate < 0.215) return after(8_000, 'agentFailed');
    if (chance.happens(0.1)) this.#doNotCall = true;
    else if (chance.happens(0.12))
      this.#callBackForAtMs = clock.nowMs + chance.between(60_000, 2 * DAY_MS);
    after(chance.between(5_000, 300_000), chance.happens(0.5) ? 'completed' : 'customerHungUp');
  }

  #over(outcome: Outcome): void {
    if (this.#end !== null) return;
    const { callId, lead, dial } = this.#request;
    if (this.#seated) this.#world.seat(-1);
    this.#world.judge.ended(this.#request);
    this.#end = {
      callId,
      chain: dial?.decision.chain ?? null,
      leadId: lead?.leadId ?? null,
      campaignId: lead?.campaignId ?? null,
      outcome,
      endedAtMs: this.#world.clock.nowMs,
      answeredAtMs: this.#answeredAtMs,
      rung: this.#rung,
      doNotCall: this.#doNotCall,
      callBackForAtMs: this.#callBackForAtMs,
    };
    if (this.#callBackForAtMs !== null) this.#world.judge.callBackAsked(lead?.leadId ?? '');
    void this.#tell(this.#end, 0);
  }

  /** First the do-not-call list, then the slot (DNC-3); each until it is done, or given up. */
  async #tell(end: Settlement, tries: number): Promise<void> {
    const { chance, clock, database, trouble, settle } = this.#world;
    const again = (): void => clock.after(SETTLE_AGAIN_MS * (tries + 1), () => void this.#tell(end, tries + 1));
    try {
      if (end.doNotCall) {
        const by = { source: 'call', reason: 'asked', addedBy: 'customer', callId: end.callId } as const;
        await suppress(database, this.phone, by, clock.nowMs);
        this.#world.suppressed(this.phone);
      }
      if (tries === 0 && chance.happens(trouble().forgets)) return;
      await settle(end);
      if (chance.happens(trouble().repeats)) again();
    } catch {
      if (tries < TRIES) again();
    }
  }
}
