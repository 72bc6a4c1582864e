import type { CallInput } from '../../domain/call/input.ts';
import type { DialFailure } from '../../domain/dial/order.ts';
import { dialFailures } from '../../domain/dial/order.ts';
import type { LastLook } from '../../durable-objects/dialer/last-look.ts';
import type { Placed } from '../../durable-objects/place-dial.ts';
import type { Chance } from './random.ts';
import type { Complain } from './stage.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** How long a dialled call of the simulation may ring. */
export const RING_MS = 25_000;

/** The customer's telephone and the carrier before it, as they really are: what the object is told comes late, twice or never. */
export class Telephone {
  /** How often the carrier was asked to ring. */
  asked = 0;
  /** When it began to ring; null: it never did. */
  rangAtMs: number | null = null;
  #state: 'silent' | 'ringing' | 'answered' | 'over' = 'silent';
  #failure: DialFailure | null = null;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #complain: Complain;
  readonly #tell: (what: string) => void;
  /** The carrier's news on its way, and the customer who picks up. */
  news: (input: CallInput) => void = () => undefined;
  pickUp: () => void = () => undefined;
  putDown: () => void = () => undefined;

  constructor(clock: VirtualClock, chance: Chance, complain: Complain, tell: (what: string) => void) {
    this.#clock = clock;
    this.#chance = chance;
    this.#complain = complain;
    this.#tell = tell;
  }

  /** Whether what allowed the dial still does; often its pace lets it wait. */
  lastLook(): LastLook {
    if (this.#chance.happens(0.3)) return { kind: 'wait', afterMs: this.#chance.between(500, 8_000) };
    return this.#chance.happens(0.05) ? { kind: 'refused', because: 'not any more' } : { kind: 'ring' };
  }

  /** The carrier takes the order. */
  ring(): Placed {
    if (this.#state !== 'silent') this.#complain('DIAL-3', 'a person was rung twice');
    if (this.#chance.happens(0.1)) return this.#atOnce();
    this.#tell('the telephone rings');
    this.#state = 'ringing';
    this.rangAtMs = this.#clock.nowMs;
    if (this.#chance.happens(0.8)) this.#clock.after(this.#chance.delay(50, 3_000), () => this.#rings());
    const afterMs = this.#chance.delay(300, RING_MS + 10_000);
    if (this.#chance.happens(0.6)) this.#clock.after(Math.min(afterMs, RING_MS), () => this.#answer());
    else this.#clock.after(Math.min(afterMs, RING_MS), () => this.#fail(this.#chance.pick(dialFailures)));
    return { kind: 'placed', reference: 'CA1' };
  }

  find(): Placed {
    if (this.#failure !== null) return { kind: 'failed', failure: this.#failure, cause: '486' };
    return this.#state === 'silent' ? { kind: 'lost' } : { kind: 'placed', reference: 'CA1' };
  }

  hangUp(): void {
    if (this.#state === 'answered') this.putDown();
    if (this.#state !== 'silent') this.#state = 'over';
  }

  #atOnce(): Placed {
    const failure = this.#chance.pick(dialFailures);
    this.#state = 'over';
    this.#failure = failure;
    return { kind: 'failed', failure, cause: '486' };
  }

  #rings(): void {
    if (this.#state === 'ringing') this.news({ type: 'dialRinging' });
  }

  #answer(): void {
    if (this.#state !== 'ringing') return;
    this.#state = 'answered';
    this.#tell('the customer picks up');
    this.pickUp();
    // A carrier whose left hand does not know what its right hand did.
    if (!this.#chance.happens(0.3)) return;
    const failure = this.#chance.pick(dialFailures);
    const afterMs = this.#chance.between(100, 40_000);
    this.#clock.after(afterMs, () => this.news({ type: 'dialFailed', failure, cause: '486' }));
  }

  #fail(failure: DialFailure): void {
    if (this.#state !== 'ringing') return;
    this.#state = 'over';
    this.#failure = failure;
    this.#tell(`nobody was reached: ${failure}`);
    this.news({ type: 'dialFailed', failure, cause: '486' });
  }
}
