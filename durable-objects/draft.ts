import { applyCallEvent } from '../domain/call/apply.ts';
import { decide } from '../domain/call/decide.ts';
import type { Decision } from '../domain/call/decide.ts';
import type { OwedEffect } from '../domain/call/effects.ts';
import { effectsOwed } from '../domain/call/effects.ts';
import type { CallEvent, CallFact } from '../domain/call/fact.ts';
import type { CallInput } from '../domain/call/input.ts';
import type { CallState } from '../domain/call/state.ts';

/**
 * What one turn of the object is about to write: each input is decided upon the state that the ones before it lead to,
 * and nothing stands until all of it is committed together.
 */
export class Draft {
  readonly nowMs: number;
  /** Number of the first event. */
  readonly firstSeq: number;
  readonly facts: CallFact[] = [];
  readonly events: CallEvent[] = [];
  readonly owed: OwedEffect[] = [];
  /** Observations taken: their fingerprints by id. */
  readonly observed = new Map<string, string>();
  #call: CallState | null;

  constructor(call: CallState | null, nowMs: number) {
    this.#call = call;
    this.nowMs = nowMs;
    this.firstSeq = (call?.head ?? 0) + 1;
  }

  /** The call once this is written. */
  get call(): CallState | null {
    return this.#call;
  }

  get isEmpty(): boolean {
    return this.facts.length === 0 && this.observed.size === 0;
  }

  take(input: CallInput): Decision {
    const decision = decide(this.#call, input, this.nowMs);
    if (decision.ok) for (const fact of decision.facts) this.#add(fact);
    return decision;
  }

  #add(fact: CallFact): void {
    const event: CallEvent = { ...fact, seq: (this.#call?.head ?? 0) + 1, atMs: this.nowMs };
    const after = applyCallEvent(this.#call, event);
    this.owed.push(...effectsOwed(this.#call, event, after));
    this.facts.push(fact);
    this.events.push(event);
    this.#call = after;
  }
}
