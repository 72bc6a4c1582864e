import type { OrderFollowed } from '../../../domain/call/supervision.ts';
import type { Order } from '../../../domain/call/supervision.ts';
import type { Steering } from '../../../protocol/agent.ts';
import { errorName } from '../log.ts';

/** How each kind of order is carried out. Throwing says that it was not, in words for the supervisor. */
export interface OrderHands {
  whisper(text: string): Promise<void>;
  /** Resolves when it was said; orders that follow do not wait for it. */
  say(text: string): Promise<void>;
  takeOver(): Promise<void>;
  handBack(note: string | null): Promise<void>;
  pauseRecording(): Promise<void>;
  resumeRecording(): Promise<void>;
  /** Somebody has the line, or nobody, without an order to this agent: a successor; a hold that lapsed. */
  lineIs(held: boolean): Promise<void>;
}

/** Why an order could not be followed: a sentence of ours, never of the call. */
export class NotFollowed extends Error {}

const MAX_REASON = 300;

/**
 * Follows orders one after the other, each once however often it comes, and tells what came of it (STEER-2). Each message
 * holds all that waits, so that one that was lost is made up for by the next.
 */
export class OrderDesk {
  readonly #hands: OrderHands;
  readonly #report: (followed: OrderFollowed) => void;
  readonly #seen = new Set<string>();
  #work: Promise<void> = Promise.resolve();
  #line: Steering['line'] = null;

  constructor(hands: OrderHands, report: (followed: OrderFollowed) => void) {
    this.#hands = hands;
    this.#report = report;
  }

  tell({ orders, line }: Pick<Steering, 'orders' | 'line'>): void {
    this.#line = line;
    for (const { orderId, order } of orders) {
      if (this.#seen.has(orderId)) continue;
      this.#seen.add(orderId);
      this.#work = this.#work.then(() => this.#follow(orderId, order));
    }
    this.#work = this.#work.then(() => this.#settleLine());
  }

  /** When everything told so far has been done. */
  get idle(): Promise<void> {
    return this.#work;
  }

  async #follow(orderId: string, order: Order): Promise<void> {
    const told = this.#carryOut(order).then(
      () => this.#report({ type: 'orderFollowed', orderId, outcome: 'done', reason: null }),
      (error: unknown) => {
        const reason = error instanceof NotFollowed ? error.message : `the agent failed: ${errorName(error)}`;
        const fitting = reason.slice(0, MAX_REASON);
        this.#report({ type: 'orderFollowed', orderId, outcome: 'failed', reason: fitting });
      },
    );
    // Words take their time, and whoever takes the line does not wait for them.
    if (order.kind !== 'say') await told;
  }

  async #carryOut(order: Order): Promise<void> {
    switch (order.kind) {
      case 'whisper':
        return this.#hands.whisper(order.text);
      case 'say':
        return this.#hands.say(order.text);
      case 'takeOver':
        return this.#hands.takeOver();
      case 'handBack':
        return this.#hands.handBack(order.note);
      case 'pauseRecording':
        return this.#hands.pauseRecording();
      case 'resumeRecording':
        return this.#hands.resumeRecording();
    }
  }

  async #settleLine(): Promise<void> {
    await this.#hands.lineIs(this.#line !== null).catch(() => undefined);
  }
}
