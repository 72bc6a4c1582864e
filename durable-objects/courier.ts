import type { Effect } from '../domain/call/effects.ts';
import { workParked } from '../domain/call/occurrence.ts';
import type { Sender } from './deliver-effect.ts';
import { deliverEffect } from './deliver-effect.ts';
import { log } from './log.ts';
import type { Outbox, PendingEffect } from './outbox.ts';

/**
 * Effects under way are looked at again after this long, ms: only for an object that was taken away together with the
 * answer it waited for. Longer than the media server's own time-out.
 */
const UNDER_WAY_MS = 10_000;

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
      (each) => each.dueAtMs <= nowMs && !this.#underWay.has(each.key) && !this.#waits(each, pending),
    );
    // Each looks again when it is through, so that a slow one keeps nothing else waiting.
    await Promise.all(due.map((each) => this.#deliver(each).then(() => this.#lookAgain())));
  }

  /** When to look again; null when nothing waits. An alarm set for what cannot be done yet would ring and ring. */
  nextDueAtMs(): number | null {
    const pending = this.#outbox.pending();
    const laterMs = this.#sender.nowMs() + UNDER_WAY_MS;
    const times = pending.map((each) => {
      const idle = !this.#underWay.has(each.key) && !this.#waits(each, pending);
      return idle ? each.dueAtMs : laterMs;
    });
    return times.length === 0 ? null : Math.min(...times);
  }

  #waits(each: PendingEffect, pending: readonly PendingEffect[]): boolean {
    if (each.effect.type === 'forgetCopies')
      // One that left before the erasing would arrive after it, with the name.
      return pending.some((other) => tells.has(other.effect.type) && this.#underWay.has(other.key));
    // A number that is not to be called again stays taken until the list has it (DNC-3).
    if (each.effect.type === 'settleDial') return this.#outbox.owes(suppressing);
    return waitsForRoom(each, pending);
  }

  #lookAgain(): Promise<void> {
    const more = this.deliverDue();
    this.#sender.settled();
    return more;
  }

  async #deliver(pending: PendingEffect): Promise<void> {
    this.#underWay.add(pending.key);
    try {
      const delivery = await deliverEffect(pending.effect, pending.attempts, this.#sender);
      if (delivery.status === 'done') this.#outbox.done(pending);
      else this.#outbox.postpone(pending, this.#sender.nowMs() + delivery.afterMs);
    } catch (error) {
      const state = this.#outbox.failed(pending, describe(error), this.#sender.nowMs());
      if (state === 'parked') this.#tellOfParked(pending);
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

  /** In the same write as the parking. That telling itself was given up is told to nobody: it would never end. */
  #tellOfParked({ key, effect }: PendingEffect): void {
    if (effect.type === 'notify') return;
    const nowMs = this.#sender.nowMs();
    const occurrence = workParked(this.#sender.call(), key, nowMs);
    this.#outbox.owe([{ key: `${key}:parked:notify`, effect: { type: 'notify', occurrence } }], nowMs);
  }
}

const suppressing: ReadonlySet<Effect['type']> = new Set(['suppress']);
const tells: ReadonlySet<string> = new Set(['notify', 'announce']);

/** The room's settings must stand before an agent's dispatch would make the room with none. */
function waitsForRoom(each: PendingEffect, pending: readonly PendingEffect[]): boolean {
  return each.effect.type === 'dispatchAgent' && pending.some((other) => other.effect.type === 'createRoom');
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
