import { randomUUID } from 'node:crypto';
import type { WordsSpoken } from '../../domain/call/fact.ts';
import type { Interim } from '../../protocol/interim.ts';
import type { SpokenWords } from './join-session-to-room.ts';
import { fitText } from './fit.ts';

/** What the framework says of a finished stretch of the agent's speech. Times are epoch ms. */
export interface AgentSpeech {
  readonly text: string;
  readonly interrupted: boolean;
  /** Null: it was never heard. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number;
}

/**
 * The agent's words: interims as the voice reaches them, and one final per conversation item under the same id. Words
 * that were generated but never heard are not reported.
 */
export class AgentWords implements SpokenWords {
  readonly #interim: (interim: Interim) => void;
  readonly #final: (words: WordsSpoken) => void;
  readonly #now: () => number;
  #utterance: { readonly id: string; readonly startedAtMs: number; text: string } | null = null;
  /** The stretch being spoken got its final already: the rest of its words belongs to it. */
  #finalised = false;
  #betweenStretches = true;
  #voiceStartedAtMs: number | null = null;
  #voiceStoppedAtMs: number | null = null;

  constructor(interim: (interim: Interim) => void, final: (words: WordsSpoken) => void, now: () => number) {
    this.#interim = interim;
    this.#final = final;
    this.#now = now;
  }

  /** The first sound of a speech left for the room. */
  voiceStarted(atMs: number): void {
    this.#voiceStartedAtMs ??= atMs;
    this.#voiceStoppedAtMs = null;
  }

  /** It fell silent: for good, or because the customer may be interrupting. */
  voiceStopped(atMs: number): void {
    this.#voiceStoppedAtMs = atMs;
  }

  spoken(text: string): void {
    this.#betweenStretches = false;
    if (this.#finalised) return;
    this.#utterance ??= {
      id: randomUUID(),
      startedAtMs: this.#voiceStartedAtMs ?? this.#now(),
      text: '',
    };
    this.#utterance.text += text;
    const { id, startedAtMs } = this.#utterance;
    const soFar = this.#utterance.text.trim();
    if (soFar !== '') this.#interim({ utteranceId: id, speaker: 'agent', text: fitText(soFar), startedAtMs });
  }

  flushed(): void {
    this.#betweenStretches = true;
    this.#finalised = false;
  }

  finished(speech: AgentSpeech): void {
    const utterance = this.#utterance;
    const silentAtMs = this.#voiceStoppedAtMs;
    this.#utterance = null;
    this.#voiceStartedAtMs = this.#voiceStoppedAtMs = null;
    this.#finalised = !this.#betweenStretches;
    const text = whatWasHeard(speech, utterance?.text ?? '');
    if (speech.startedAtMs === null || text === '') return;
    // An interrupted speech is closed when the customer was understood, long after it fell silent.
    const endedAtMs = speech.interrupted
      ? Math.min(silentAtMs ?? speech.endedAtMs, speech.endedAtMs)
      : speech.endedAtMs;
    this.#final({
      type: 'wordsSpoken',
      utteranceId: utterance?.id ?? randomUUID(),
      speaker: 'agent',
      text: fitText(text),
      startedAtMs: Math.round(speech.startedAtMs),
      endedAtMs: Math.round(Math.max(speech.startedAtMs, endedAtMs)),
      interrupted: speech.interrupted,
    });
  }
}

/** An interrupted `say` carries its whole text, an interrupted reply what was said: the shorter one was heard. */
function whatWasHeard(speech: AgentSpeech, spoken: string): string {
  const text = speech.text.trim();
  if (!speech.interrupted) return text;
  return spoken.trim().length < text.length ? spoken.trim() : text;
}
