import type { Sender } from './deliver-effect.ts';
import { deliverEffect } from './deliver-effect.ts';
import { log } from './log.ts';
import type { Outbox, PendingEffect } from './outbox.ts';

/** Carries the outbox's effects out, each at most once at a time in this object, in parallel where none waits for another. */
export class Courier {
  readonly #outbox: Outbox;
  readonly #sender: Sender;
  readonly #underWay = new Set<string>();

  constructor(outbox: Outbox, sender: Sender) {
    this.#outbox = outbox;
    this.#sender = sender;
  }

  /** Delivers everything due and whatever that leads to. Never throws. */
  async deliverDue(): Promise<void> {
    const nowMs = this.#sender.nowMs();
    const pending = this.#outbox.pending();
    const due = pending.filter(
      (each) => each.dueAtMs <= nowMs && !this.#underWay.has(each.key) && !waitsForRoom(each, pending),
    );
    // Each looks again when it is through, so that a slow one keeps nothing else waiting.
    await Promise.all(due.map((each) => this.#deliver(each).then(() => this.deliverDue())));
  }

  async #deliver(pending: PendingEffect): Promise<void> {
    this.#underWay.add(pending.key);
    try {
      const delivery = await deliverEffect(pending.effect, pending.attempts, this.#sender);
      if (delivery.status === 'done') this.#outbox.done(pending);
      else this.#outbox.postpone(pending, this.#sender.nowMs() + delivery.afterMs);
    } catch (error) {
      const state = this.#outbox.failed(pending, describe(error), this.#sender.nowMs());
      log(state === 'parked' ? 'error' : 'warn', `effect ${state === 'parked' ? 'parked' : 'failed'}`, {
        callId: this.#sender.call().request.callId,
        effect: pending.effect.type,
        attempts: pending.attempts + 1,
        error: describe(error),
      });
    } finally {
      this.#underWay.delete(pending.key);
    }
  }
}

/** The room's settings must stand before an agent's dispatch would make the room with none. */
function waitsForRoom(each: PendingEffect, pending: readonly PendingEffect[]): boolean {
  return each.effect.type === 'dispatchAgent' && pending.some((other) => other.effect.type === 'createRoom');
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
