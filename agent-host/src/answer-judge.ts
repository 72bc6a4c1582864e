import type { AnsweredBy } from '../../domain/call/fact.ts';

export type Verdict = Omit<AnsweredBy, 'type'>;

/** After this long there is a verdict, ms from the answer (AMD-1). */
export const VERDICT_WITHIN_MS = 8_000;
/** Shorter pauses belong to the stretch of speech around them. */
const PAUSE_MS = 700;
/** Somebody who speaks first does so by then; what begins later answers our greeting. */
const SPEAKS_FIRST_MS = 2_500;
/** A person who picks up says so much at most… */
const GREETING_MS = 2_500;
/** …and then waits for an answer so long. */
const WAITS_MS = 1_500;
/** A machine goes on and on, into our greeting. */
const MONOLOGUE_MS = 5_000;

/**
 * Said by machines only: by a mailbox, a network that speaks for a telephone that is off, or a menu. English, German, French,
 * Spanish; other languages are judged by their length.
 */
const MACHINE_WORDS =
  /leave (?:me |us |your |a )?(?:\w+ )?message|after the (?:tone|beep)|at the (?:tone|beep)|\b(?:my|the|a|your) (?:voice)?mailbox\b|voice ?mail|(?:person|number|subscriber|customer) you (?:are calling|(?:have )?(?:called|dialled|dialed|reached))|can(?:no|')?t (?:take|come to) (?:your call|the phone)|press (?:one|two|[1-9#*])|has(?: not|n't) been set up|mailbox is full|nach dem (?:signal)?ton|nachricht hinterlassen|hinterlassen sie|nicht erreichbar|mailbox von|apr[eè]s le (?:bip|signal)|laissez (?:un|votre) message|messagerie|despu[eé]s de la se[nñ]al|deje (?:su|un) mensaje|buz[oó]n de voz/i;

/**
 * Tells a person from an answering machine by what is said first and for how long. Knows no clock and no framework; times are
 * epoch ms. It reports once.
 *
 * The framework's own detector (`voice.AMD`, 1.9.0) holds every reply back until it has its verdict: a person who picked up
 * would wait for a greeting that here is spoken at once.
 */
export class AnswerJudge {
  readonly #answeredAtMs: number;
  /** The stretch of speech under way, or the last one. */
  #stretch: { readonly startedAtMs: number; endedAtMs: number | null } | null = null;
  #first: { readonly startedAtMs: number; endedAtMs: number | null } | null = null;
  #finals = '';
  #interim = '';
  #settled = false;

  constructor(answeredAtMs: number) {
    this.#answeredAtMs = answeredAtMs;
  }

  startedSpeaking(atMs: number): void {
    const last = this.#stretch;
    if (last !== null && last.endedAtMs !== null && atMs - last.endedAtMs < PAUSE_MS) last.endedAtMs = null;
    else if (last === null || last.endedAtMs !== null) this.#stretch = { startedAtMs: atMs, endedAtMs: null };
    this.#first ??= this.#stretch;
  }

  stoppedSpeaking(atMs: number): void {
    if (this.#stretch !== null && this.#stretch.endedAtMs === null) this.#stretch.endedAtMs = atMs;
  }

  heard(text: string, isFinal: boolean): void {
    if (isFinal) {
      this.#finals += ` ${text}`;
      this.#interim = '';
    } else this.#interim = text;
  }

  /** Once, as soon as it is known; null until then and ever after. */
  verdict(nowMs: number): Verdict | null {
    if (this.#settled) return null;
    const judged = this.#judge(nowMs);
    if (judged === null) return null;
    this.#settled = true;
    return { ...judged, afterMs: Math.max(0, Math.round(nowMs - this.#answeredAtMs)) };
  }

  #judge(nowMs: number): Omit<Verdict, 'afterMs'> | null {
    if (MACHINE_WORDS.test(`${this.#finals} ${this.#interim}`))
      return { verdict: 'machine', confidence: 0.95, method: 'words' };
    const first = this.#first;
    if (first !== null) {
      const speaksFirst = first.startedAtMs - this.#answeredAtMs < SPEAKS_FIRST_MS;
      const lastedMs = (first.endedAtMs ?? nowMs) - first.startedAtMs;
      if (speaksFirst && lastedMs >= MONOLOGUE_MS)
        return { verdict: 'machine', confidence: 0.7, method: 'length' };
      // Not before their words are known: a slow recogniser may still say what only a machine says, and nobody waits for "human".
      const waited =
        first.endedAtMs !== null && nowMs - first.endedAtMs >= WAITS_MS && this.#finals.trim() !== '';
      if (waited && speaksFirst && lastedMs <= GREETING_MS)
        return { verdict: 'human', confidence: 0.8, method: 'length' };
      // Whoever lets us finish and answers is no machine, which begins by itself.
      if (waited && !speaksFirst) return { verdict: 'human', confidence: 0.85, method: 'length' };
    }
    if (nowMs - this.#answeredAtMs < VERDICT_WITHIN_MS) return null;
    return first === null
      ? { verdict: 'unsure', confidence: 0.5, method: 'silence' }
      : { verdict: 'unsure', confidence: 0.5, method: 'timeLimit' };
  }
}
