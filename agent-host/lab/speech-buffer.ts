/**
 * Cuts a stream of sound into stretches of speech by loudness alone. It does not decide when a turn ends:
 * that is the agent's voice activity detector, which commits what was gathered.
 */

/** A stretch of speech with a little of the quiet around it. */
export interface SpeechStretch {
  readonly samples: Int16Array;
  /** How much of it is louder than the background. */
  readonly loudMs: number;
}

export const SPEECH_RATE_HZ = 24_000;

const BLOCK_MS = 20;
const BLOCK_SAMPLES = (SPEECH_RATE_HZ * BLOCK_MS) / 1000;
/** Nothing this quiet (root mean square of 32,767) is speech, however still the room. */
const QUIETEST_SPEECH = 90;
/** Speech is at least so many times louder than the background. */
const ABOVE_BACKGROUND = 3.5;
/** How fast the estimate of the background follows upwards: a time constant of about 40 s. */
const BACKGROUND_RISE = 0.0005;
/** A pause longer than this parts two stretches. */
const PAUSE_MS = 500;
/** A shorter sound is a click. */
const CLICK_MS = 120;
/** Kept before and behind a stretch: soft consonants are quieter than the threshold. */
const MARGIN_MS = 100;
/** What was said longer ago than this without a commit is forgotten. */
const MEMORY_MS = 30_000;

interface Block {
  readonly samples: Int16Array;
  readonly loud: boolean;
}

export class SpeechBuffer {
  #blocks: Block[] = [];
  #rest = new Int16Array(0);
  #background = 30;
  #quietBlocks = 0;
  #loudBlocks = 0;

  /** Takes in sound at {@link SPEECH_RATE_HZ}, in pieces of any length. */
  append(samples: Int16Array): void {
    const sound = new Int16Array(this.#rest.length + samples.length);
    sound.set(this.#rest);
    sound.set(samples, this.#rest.length);
    let at = 0;
    for (; at + BLOCK_SAMPLES <= sound.length; at += BLOCK_SAMPLES)
      this.#add(sound.slice(at, at + BLOCK_SAMPLES));
    this.#rest = sound.slice(at);
    if (this.#blocks.length * BLOCK_MS > MEMORY_MS) this.#blocks.shift();
  }

  /** Loud sound since the last {@link take}, in ms. */
  get loudMs(): number {
    return this.#loudBlocks * BLOCK_MS;
  }

  /** How long it has been quiet, in ms. */
  get quietMs(): number {
    return this.#quietBlocks * BLOCK_MS;
  }

  /** The stretch that is being spoken, as far as it has come. */
  current(): SpeechStretch | undefined {
    return this.#stretches().at(-1);
  }

  /** The stretches since the last time, and starts afresh. */
  take(): SpeechStretch[] {
    const stretches = this.#stretches();
    // The last quiet moment may hold the soft beginning of the next word.
    this.#blocks = this.#blocks.slice(-MARGIN_MS / BLOCK_MS).map(({ samples }) => ({ samples, loud: false }));
    this.#loudBlocks = 0;
    return stretches;
  }

  #add(samples: Int16Array): void {
    let squares = 0;
    for (const sample of samples) squares += sample * sample;
    const level = Math.sqrt(squares / samples.length);
    const loud = level > Math.max(QUIETEST_SPEECH, this.#background * ABOVE_BACKGROUND);
    this.#background =
      level < this.#background
        ? 0.7 * this.#background + 0.3 * level
        : this.#background + BACKGROUND_RISE * (level - this.#background);
    this.#blocks.push({ samples, loud });
    if (loud) this.#loudBlocks++;
    this.#quietBlocks = loud ? 0 : this.#quietBlocks + 1;
  }

  #stretches(): SpeechStretch[] {
    const spans: { first: number; last: number; loud: number }[] = [];
    this.#blocks.forEach((block, index) => {
      if (!block.loud) return;
      const span = spans.at(-1);
      if (span && (index - span.last) * BLOCK_MS <= PAUSE_MS) {
        span.last = index;
        span.loud++;
      } else spans.push({ first: index, last: index, loud: 1 });
    });
    const margin = MARGIN_MS / BLOCK_MS;
    return spans
      .filter(({ loud }) => loud * BLOCK_MS >= CLICK_MS)
      .map(({ first, last, loud }) => ({
        samples: joined(this.#blocks.slice(Math.max(0, first - margin), last + 1 + margin)),
        loudMs: loud * BLOCK_MS,
      }));
  }
}

function joined(blocks: readonly Block[]): Int16Array {
  const samples = new Int16Array(blocks.length * BLOCK_SAMPLES);
  blocks.forEach((block, index) => samples.set(block.samples, index * BLOCK_SAMPLES));
  return samples;
}
