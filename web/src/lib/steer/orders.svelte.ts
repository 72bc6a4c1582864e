import type { CallEvent } from '../../../../domain/call/fact.ts';
import type { Order } from '../../../../domain/call/supervision.ts';
import { explain, type Explanation } from '../api/explain.ts';
import { giveOrder } from '../api/supervision.ts';
import { orderFates } from './order-fates.ts';

/** An order given by this page. Times are ms from the click, on the browser's own steady clock. */
export interface Asked {
  readonly orderId: string;
  readonly order: Order;
  readonly clickedAt: number;
  /** When this page heard that the agent had followed; null before. */
  readonly effectMs: number | null;
  readonly outcome: 'asking' | 'standing' | 'refused' | 'done' | 'failed';
}

/** An answer that was lost is asked for again this often: the same id again changes nothing. */
const TRIES = 3;
const AGAIN_AFTER_MS = 700;

/** Owns what this page has asked of the agent, and how long each took from the click to its effect. */
export class Orders {
  readonly #callId: string;
  #asked = $state.raw<readonly Asked[]>([]);

  constructor(callId: string) {
    this.#callId = callId;
  }

  get asked(): readonly Asked[] {
    return this.#asked;
  }

  /** @param orderId given again when the person tries the same thing again @returns why it was refused, or null */
  async give(what: string, order: Order, orderId: string = crypto.randomUUID()): Promise<Explanation | null> {
    const entry: Asked = { orderId, order, clickedAt: performance.now(), effectMs: null, outcome: 'asking' };
    this.#asked = [...this.#asked.filter((each) => each.orderId !== orderId), entry];
    for (let tried = 1; ; tried++) {
      const reply = await giveOrder(this.#callId, orderId, order);
      // The ledger may have told sooner than the answer came.
      if (reply.ok || this.#find(orderId)?.outcome !== 'asking') {
        this.#change(orderId, (each) =>
          each.outcome === 'asking' ? { ...each, outcome: 'standing' } : each,
        );
        return null;
      }
      if (reply.failure.status !== 0 || tried === TRIES) {
        this.#change(orderId, (each) => ({ ...each, outcome: 'refused' }));
        return explain(what, reply.failure);
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }

  /** The ledger grew: which of ours were followed? */
  heardOf(events: readonly CallEvent[], now: number = performance.now()): void {
    const open = this.#asked.filter(({ outcome }) => outcome === 'asking' || outcome === 'standing');
    if (open.length === 0) return;
    const fates = orderFates(events);
    for (const { orderId } of open) {
      const fate = fates.get(orderId);
      if (fate === undefined) continue;
      this.#change(orderId, (each) =>
        fate.followed === null
          ? { ...each, outcome: 'standing' }
          : { ...each, outcome: fate.followed.outcome, effectMs: now - each.clickedAt },
      );
    }
  }

  #find(orderId: string): Asked | undefined {
    return this.#asked.find((each) => each.orderId === orderId);
  }

  #change(orderId: string, to: (each: Asked) => Asked): void {
    this.#asked = this.#asked.map((each) => (each.orderId === orderId ? to(each) : each));
  }
}
