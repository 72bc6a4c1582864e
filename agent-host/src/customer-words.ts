import { randomUUID } from 'node:crypto';
import type { Speaker, WordsSpoken } from '../../domain/call/fact.ts';
import type { Interim } from '../../protocol/interim.ts';
import { fitText } from './fit.ts';

/** The VAD says "speaking" once it has heard speech this long, ms: the start lies that far back. */
export const VAD_MIN_SPEECH_MS = 50;
/** The VAD says "stopped" once it has heard silence this long, ms: the end lies that far back. */
export const VAD_MIN_SILENCE_MS = 250;

interface Span {
  readonly startedAtMs: number;
  endedAtMs: number | null;
}

/**
 * The words of a person, the customer's if not said otherwise, from recogniser and VAD. Times are epoch ms on this host's clock: the recogniser gives none,
 * so they are the VAD's spans, set back by what it waits before it speaks up (within ~50 ms of the waveform, plus the
 * ~60–120 ms the sound took to get here).
 */
export class CustomerWords {
  readonly #interim: (interim: Interim) => void;
  readonly #final: (words: WordsSpoken) => void;
  /** Stretches of speech that no final has claimed yet. */
  #spans: Span[] = [];
  #utteranceId = randomUUID() as string;

  readonly #speaker: Speaker;

  constructor(
    interim: (interim: Interim) => void,
    final: (words: WordsSpoken) => void,
    speaker: Speaker = 'customer',
  ) {
    this.#interim = interim;
    this.#final = final;
    this.#speaker = speaker;
  }

  startedSpeaking(noticedAtMs: number): void {
    this.#spans.push({ startedAtMs: noticedAtMs - VAD_MIN_SPEECH_MS, endedAtMs: null });
  }

  stoppedSpeaking(noticedAtMs: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && last.endedAtMs === null) {
      last.endedAtMs = Math.max(last.startedAtMs, noticedAtMs - VAD_MIN_SILENCE_MS);
    }
  }

  heard(text: string, nowMs: number): void {
    if (text.trim() === '') return;
    const startedAtMs = this.#spans[0]?.startedAtMs ?? nowMs;
    this.#interim({
      utteranceId: this.#utteranceId,
      speaker: this.#speaker,
      text: fitText(text),
      startedAtMs,
    });
  }

  /** An empty final says nothing; its id stays, so that the next words replace the interim that was shown. */
  understood(text: string, nowMs: number): void {
    if (text.trim() === '') return;
    const { startedAtMs, endedAtMs } = this.#claimSpans(nowMs);
    this.#final({
      type: 'wordsSpoken',
      utteranceId: this.#utteranceId,
      speaker: this.#speaker,
      text: fitText(text.trim()),
      startedAtMs,
      endedAtMs,
      interrupted: false,
    });
    this.#utteranceId = randomUUID();
  }

  /** A final belongs to what was spoken before it; a stretch still open after finished ones is the next utterance's. */
  #claimSpans(nowMs: number): { startedAtMs: number; endedAtMs: number } {
    const ended = this.#spans.filter((span) => span.endedAtMs !== null);
    const claimed = ended.length > 0 ? ended : this.#spans;
    const first = claimed[0];
    const last = claimed.at(-1);
    this.#spans = this.#spans.filter((span) => span.endedAtMs === null);
    // It goes on within an open stretch: what comes next starts now.
    if (ended.length === 0) this.#spans = this.#spans.map(() => ({ startedAtMs: nowMs, endedAtMs: null }));
    const startedAtMs = Math.min(first?.startedAtMs ?? nowMs, nowMs);
    return { startedAtMs, endedAtMs: Math.max(startedAtMs, Math.min(nowMs, last?.endedAtMs ?? nowMs)) };
  }
}
