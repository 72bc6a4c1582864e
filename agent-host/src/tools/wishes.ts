/** What the model says the customer did about not being called any more. */
export type DoNotCallStep = 'asks' | 'confirms' | 'takesBack';

const ASK =
  'Not done yet. Ask the customer in one short sentence to confirm that they never want to be called again. When they have answered, use do_not_call once more.';
const DONE = 'Done: this number is never called again. Tell the customer so, say goodbye and use end_call.';
const KEPT = 'Nothing was changed. Carry on.';

/**
 * A customer who asks not to be called again (DNC-3). It cannot be undone by us, so code, not a prompt, sees to it that they were
 * asked back and answered. Who puts the phone down instead of answering meant it: nothing but a "no" of theirs takes it back.
 */
export class DoNotCallWish {
  readonly #honour: () => void;
  /** How many turns the customer had had when they were asked back; null: not asked. */
  #askedAtTurn: number | null = null;
  #honoured = false;

  constructor(honour: () => void) {
    this.#honour = honour;
  }

  /** @param customerTurns how often the customer has spoken so far. @returns what the model is told */
  step(step: DoNotCallStep, customerTurns: number): string {
    if (this.#honoured) return DONE;
    const answered = this.#askedAtTurn !== null && customerTurns > this.#askedAtTurn;
    switch (step) {
      case 'asks':
        this.#askedAtTurn ??= customerTurns;
        return ASK;
      case 'confirms':
        if (!answered) {
          this.#askedAtTurn ??= customerTurns;
          return ASK;
        }
        this.#settle();
        return DONE;
      case 'takesBack':
        if (!answered) return this.#askedAtTurn === null ? KEPT : ASK;
        this.#askedAtTurn = null;
        return KEPT;
    }
  }

  /** The call is over: a wish that was not taken back stands. */
  over(): void {
    if (this.#askedAtTurn !== null) this.#settle();
  }

  #settle(): void {
    if (this.#honoured) return;
    this.#honoured = true;
    this.#honour();
  }
}

/** A call back is asked for within so many days. */
const CALL_BACK_WITHIN_MS = 90 * 86_400_000;
/** With an offset, or it would be somebody's guess whose clock it is by. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

export type CallBackTime =
  { readonly ok: true; readonly atMs: number } | { readonly ok: false; readonly problem: string };

/** When the customer wants to be called: a time with its offset, or minutes from now. */
export function callBackTime(
  {
    at,
    inMinutes,
  }: { readonly at?: string | null | undefined; readonly inMinutes?: number | null | undefined },
  nowMs: number,
): CallBackTime {
  const named = typeof at === 'string' && ISO.test(at) ? Date.parse(at) : Number.NaN;
  const atMs = typeof inMinutes === 'number' ? nowMs + inMinutes * 60_000 : named;
  if (!Number.isFinite(atMs))
    return { ok: false, problem: 'Give `at` as 2026-11-21T10:00:00-05:00, with the offset, or `inMinutes`.' };
  if (atMs < nowMs) return { ok: false, problem: 'That time is past. Ask the customer for another.' };
  if (atMs > nowMs + CALL_BACK_WITHIN_MS)
    return { ok: false, problem: 'That is more than 90 days away. Ask the customer for an earlier time.' };
  return { ok: true, atMs: Math.round(atMs) };
}
