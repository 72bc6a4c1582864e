import type { ModelReplaced } from '../../../../domain/call/agent-facts.ts';
import type { ModelStage } from '../../../../domain/profile/models.ts';

/** A model that can be asked, under its name in the ledger. */
export interface Candidate<Model> {
  readonly name: string;
  readonly model: Model;
}

/** One that failed is not the first to be asked for this long, ms; twice as long each time it fails again (MODEL-3). */
export const REST_MS = 30_000;
const MAX_REST_MS = 8 * REST_MS;

interface Standing {
  failures: number;
  restsUntilMs: number;
}

/**
 * Which model of a stage serves, in the profile's order (MODEL-1). It reports a replacement when the other one has proved itself,
 * and once when none is left. Knows no clock and no framework.
 */
export class Roster<Model> {
  readonly #stage: ModelStage;
  readonly #report: (replaced: ModelReplaced) => void;
  readonly #standing = new Map<string, Standing>();
  #candidates: readonly Candidate<Model>[];
  #serving: string;
  #exhausted = false;
  #hasServed = false;

  /** @throws Error without a candidate: the host's own model is always one */
  constructor(
    stage: ModelStage,
    candidates: readonly Candidate<Model>[],
    report: (replaced: ModelReplaced) => void,
  ) {
    const first = candidates[0];
    if (first === undefined) throw new Error('a stage has at least one model');
    this.#stage = stage;
    this.#report = report;
    this.#candidates = candidates;
    this.#serving = first.name;
  }

  /** The name of the one that serves. */
  get serving(): string {
    return this.#serving;
  }

  /** Whether one of them has ever worked in this call. */
  get hasServed(): boolean {
    return this.#hasServed;
  }

  /** Whom to ask, the first one first: those at rest come last, the one that has rested longest before the others. */
  inOrder(nowMs: number): readonly Candidate<Model>[] {
    const restsUntilMs = ({ name }: Candidate<Model>): number => {
      const untilMs = this.#standing.get(name)?.restsUntilMs ?? 0;
      return untilMs > nowMs ? untilMs : 0;
    };
    return [...this.#candidates].sort((a, b) => restsUntilMs(a) - restsUntilMs(b));
  }

  get candidates(): readonly Candidate<Model>[] {
    return this.#candidates;
  }

  /** The same services made anew, in another language say. What is known of them stays. */
  replace(candidates: readonly Candidate<Model>[]): void {
    if (candidates.length > 0) this.#candidates = candidates;
  }

  served(name: string): void {
    this.#standing.delete(name);
    this.#exhausted = false;
    this.#hasServed = true;
    if (name === this.#serving) return;
    const from = this.#serving;
    this.#serving = name;
    this.#report({ type: 'modelReplaced', stage: this.#stage, from, to: name });
  }

  failed(name: string, nowMs: number): void {
    const failures = (this.#standing.get(name)?.failures ?? 0) + 1;
    const restMs = Math.min(MAX_REST_MS, REST_MS * 2 ** (failures - 1));
    this.#standing.set(name, { failures, restsUntilMs: nowMs + restMs });
  }

  /** All were asked, and none answered in time. @returns whether that is news */
  exhausted(): boolean {
    if (this.#exhausted) return false;
    this.#exhausted = true;
    this.#report({ type: 'modelReplaced', stage: this.#stage, from: this.#serving, to: null });
    return true;
  }
}
