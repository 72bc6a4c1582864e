import type { AudioFrame } from '@livekit/rtc-node';
import { AudioResampler } from '@livekit/rtc-node';
import { randomUUID } from 'node:crypto';
import { tts } from '@livekit/agents';
import type { Log } from '../../log.ts';
import { firstThatServes } from './first-that-serves.ts';
import { FIRST_WORDS_MS, firstSoundMs, NEXT_SOUND_MS, within } from './patience.ts';
import type { Candidate, Roster } from './roster.ts';
import type { Voice } from './voice.ts';

/** What the room is given, whatever a voice gives. */
export const VOICE_RATE_HZ = 24_000;

export interface SpeakingOptions {
  readonly roster: Roster<Voice>;
  /** No voice speaks any more. */
  readonly onOutage: () => void;
  readonly log: Log;
}

/**
 * Voices that stand in for one another, sentence by sentence (MODEL-1). A sentence that broke off is said again from its beginning.
 *
 * The framework's own adapter (1.9.0) gives up a whole answer once a sound of it was heard, waits 10 s for a voice that is silent,
 * and tells the session of each failure, which ends it after the fourth.
 */
export class Speaking extends tts.TTS {
  readonly #options: SpeakingOptions;
  label = 'earshot.Speaking';

  constructor(options: SpeakingOptions) {
    // Not streaming: the framework cuts the text into sentences for us.
    super(VOICE_RATE_HZ, 1, { streaming: false });
    this.#options = options;
  }

  /** In usage reports: who speaks now. */
  override get model(): string {
    return this.#options.roster.serving;
  }

  override synthesize(text: string, _options?: unknown, abortSignal?: AbortSignal): tts.ChunkedStream {
    return new Sentence(text, this, this.#options, abortSignal);
  }

  override stream(): tts.SynthesizeStream {
    throw new Error('sentences are asked for one by one');
  }

  override async close(): Promise<void> {
    await Promise.all(this.#options.roster.candidates.map(({ model }) => model.close()));
  }
}

class Sentence extends tts.ChunkedStream {
  label = 'earshot.Sentence';
  readonly #options: SpeakingOptions;
  readonly #id = randomUUID();

  constructor(text: string, speaking: Speaking, options: SpeakingOptions, abortSignal?: AbortSignal) {
    super(text, speaking, { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 0 }, abortSignal);
    this.#options = options;
  }

  protected override async run(): Promise<void> {
    // Nothing in it can be said: no voice is to blame for its silence.
    if (!/[\p{L}\p{N}]/u.test(this.inputText)) return;
    const { roster, onOutage, log } = this.#options;
    const usualMs = firstSoundMs(this.inputText.length);
    const lastPatienceMs = (leftMs: number): number => (roster.hasServed ? leftMs : FIRST_WORDS_MS);
    const served = await firstThatServes({
      stage: 'speaking',
      roster,
      signal: this.abortSignal,
      log,
      attempt: (candidate, leftMs, isLast) =>
        this.#say(candidate, isLast ? lastPatienceMs(leftMs) : Math.min(leftMs, usualMs)),
    });
    // Nothing is thrown: the session would end for it, without a word.
    if (!served && roster.exhausted()) onOutage();
  }

  async #say({ name, model }: Candidate<Voice>, patienceMs: number): Promise<void> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([this.abortSignal, attempt.signal]);
    const resampler =
      model.sampleRate === VOICE_RATE_HZ ? null : new AudioResampler(model.sampleRate, VOICE_RATE_HZ, 1);
    let waitsMs = patienceMs;
    let sounded = false;
    try {
      const frames = model.speak(this.inputText, signal)[Symbol.asyncIterator]();
      for (;;) {
        const { value: frame, done } = await within(frames.next(), waitsMs, this.abortSignal);
        if (done === true) break;
        if (!sounded) this.#options.roster.served(name);
        sounded = true;
        waitsMs = NEXT_SOUND_MS;
        for (const each of resampler?.push(frame) ?? [frame]) this.#put(each);
      }
      // A resampler that got nothing still gives something back.
      if (sounded) for (const each of resampler?.flush() ?? []) this.#put(each);
    } finally {
      attempt.abort();
      resampler?.close();
    }
    if (!sounded && !this.abortSignal.aborted) throw new NoSound();
  }

  #put(frame: AudioFrame): void {
    if (!this.queue.closed) this.queue.put({ requestId: this.#id, segmentId: this.#id, frame, final: false });
  }
}

class NoSound extends Error {
  override name = 'NoSound';
}
