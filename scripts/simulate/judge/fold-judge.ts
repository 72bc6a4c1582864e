import type { CallEvent } from '../../../domain/call/fact.ts';
import type { CallState } from '../../../domain/call/state.ts';
import { applyCallEvent } from '../../../domain/call/apply.ts';
import { deadlinesOf } from '../../../domain/call/deadlines.ts';
import { customerPresent, presentAgent } from '../../../domain/call/state.ts';
import type { Complain } from '../stage.ts';
import type { CallModel } from './call-model.ts';

/** Folds the ledger as every reader does and compares the state, and the deadlines it has, with the rules' own model. */
export class FoldJudge {
  state: CallState | null = null;
  readonly #model: CallModel;
  readonly #complain: Complain;

  constructor(model: CallModel, complain: Complain) {
    this.#model = model;
    this.#complain = complain;
  }

  take(entries: readonly CallEvent[], nowMs: number): void {
    for (const event of entries) this.state = applyCallEvent(this.state, event);
    const { state } = this;
    if (state === null) return;
    const model = this.#model;
    const compared: [string, unknown, unknown][] = [
      ['answer time', state.answeredAtMs, model.answeredAtMs],
      ['end', state.end?.outcome ?? null, model.end?.outcome ?? null],
      ['open offer', state.openOffer?.offer ?? null, model.offer?.offer ?? null],
      [
        'offers in a row',
        state.end === null ? state.offersMade : 0,
        model.end === null ? model.offersMade : 0,
      ],
      ['search', state.searchingSinceMs, model.searchingSinceMs],
      ['promise', state.callBackPromisedAtMs, model.promisedAtMs],
      ['agent', presentAgent(state)?.session ?? null, model.agent?.session ?? null],
      ['customer', customerPresent(state), model.customer !== null],
      ['hosts asked last', state.hostsTried.join(), model.asksLast.join()],
    ];
    for (const [name, folded, expected] of compared) {
      if (folded !== expected) this.#complain('LEDGER-7', `the state has another ${name} than the rules`);
    }
    // Links are judged by the truth elsewhere; here only what follows from them.
    for (const linkLostAtMs of [null, nowMs - 1_000]) {
      const lastSignAtMs = nowMs - 500;
      const standing = deadlinesOf(state, { agentLinkLostAtMs: linkLostAtMs, lastSignAtMs });
      const expected = model.deadlines(linkLostAtMs, lastSignAtMs);
      if (listed(standing) !== listed(expected)) {
        this.#complain('DEADLINES', `stand as ${listed(standing)} instead of ${listed(expected)}`);
      }
    }
  }
}

/** By name, since equal times have no order. */
const listed = (deadlines: readonly { readonly name: string; readonly atMs: number }[]): string =>
  deadlines
    .map((each) => `${each.name} ${each.atMs}`)
    .sort()
    .join();
