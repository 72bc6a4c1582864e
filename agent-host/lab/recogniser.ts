/**
 * A recogniser of a closed list of phrases: it compares what it hears with what each phrase sounds like in
 * each of the lab's customer voices. It knows nothing else, and says so rather than guess.
 *
 * Measured: see `RECOGNISED_BELOW`.
 */
import { BANDS, FRAME_MS, normalised, speechFeatures, type SpeechFeatures } from './speech-features.ts';
import { align } from './time-warp.ts';
import { speakWithWords, type VoiceSetting } from './voice.ts';

/**
 * Distance under which an utterance is a phrase. Measured over every phrase, voice and level of noise in
 * `tests/lab/recogniser.test.ts` (15–26 dB of signal to noise): own phrase at most 0.05, unknown speech at
 * least 0.30; and over real calls through LiveKit.
 */
const RECOGNISED_BELOW = 0.22;
/** A beginning has less to go by, so it must fit better. */
const BEGINNING_BELOW = 0.17;
/** Part of a phrase was said, and not all of it, when the part fits so much better. */
const BROKEN_OFF_RATIO = 0.8;
/** How much worse the best phrase that goes on otherwise must fit. */
const CLEAR_BY = 0.05;
/** A beginning shorter than this fits too many things. */
const BEGINNING_MIN_MS = 550;
/** A template this much longer or shorter than the utterance is not considered for a whole match. */
const LENGTH_RATIO = 1.3;
/** The quick first look compares averages of so many frames… */
const COARSE = 3;
/** …and lets so many templates through to the thorough second. */
const SHORTLIST = 8;
/** A word counts as said when it ended at most this long after the end of what was heard. */
const WORD_END_SLACK_MS = 70;
/** The rate at which the features are computed, so that templates are resampled once. */
const TEMPLATE_RATE_HZ = 8_000;

interface Template {
  readonly phrase: string;
  readonly words: readonly string[];
  /** When each word ends, in ms from the first frame. */
  readonly wordEndsMs: readonly number[];
  readonly features: SpeechFeatures;
  readonly whole: Float32Array;
  readonly coarse: SpeechFeatures;
  readonly coarseWhole: Float32Array;
}

interface Fit {
  readonly template: Template;
  readonly distance: number;
  readonly reachedMs: number;
}

export interface Recognition {
  /** A phrase of the vocabulary, or its first words. */
  readonly text: string;
  readonly words: number;
  /** Whether `text` is the phrase to its end. */
  readonly complete: boolean;
  /** 0 is the same sound; see `RECOGNISED_BELOW`. */
  readonly distance: number;
}

export class Recogniser {
  readonly #templates: readonly Template[];

  private constructor(templates: readonly Template[]) {
    this.#templates = templates;
  }

  /** Learns how each phrase sounds in each voice; about 25 ms a phrase and voice. */
  static async create(phrases: readonly string[], voices: readonly VoiceSetting[]): Promise<Recogniser> {
    const templates: Template[] = [];
    for (const voice of voices) {
      for (const phrase of phrases) templates.push(await learn(phrase, voice));
    }
    return new Recogniser(templates);
  }

  /** The phrase that was said, or the words of one that was broken off; undefined when it is neither. */
  recognise(samples: Int16Array, sampleRate: number): Recognition | undefined {
    const heard = speechFeatures(samples, sampleRate);
    const fits = this.#fits(
      heard,
      this.#templates.filter(({ features }) => similarLength(features.count, heard.count)),
      false,
    );
    const best = fits[0];
    if (!best || best.distance >= RECOGNISED_BELOW)
      return this.#beginning(heard, WORD_END_SLACK_MS, this.#templates);

    // Most of a phrase is also a fair fit for all of it: what fits better was said.
    const beginning = this.#beginning(
      heard,
      WORD_END_SLACK_MS,
      fits.map(({ template }) => template),
    );
    if (beginning && !beginning.complete && beginning.distance < best.distance * BROKEN_OFF_RATIO)
      return beginning;
    const { phrase, words } = best.template;
    return { text: phrase, words: words.length, complete: true, distance: best.distance };
  }

  /**
   * The words that someone who is still speaking has said for certain: only what every phrase that fits has
   * in common. Undefined when nothing is certain yet.
   */
  recogniseBeginning(samples: Int16Array, sampleRate: number): Recognition | undefined {
    return this.#beginning(speechFeatures(samples, sampleRate), 0, this.#templates);
  }

  #beginning(
    heard: SpeechFeatures,
    slackMs: number,
    templates: readonly Template[],
  ): Recognition | undefined {
    if (heard.count * FRAME_MS < BEGINNING_MIN_MS) return undefined;
    const fits = this.#fits(heard, templates, true);
    const best = fits[0];
    if (!best || best.distance > BEGINNING_BELOW) return undefined;
    let words = wordsSaid(best, slackMs);
    for (const other of fits) {
      if (other.distance > best.distance + CLEAR_BY) break;
      words = Math.min(words, wordsInCommon(best.template, other.template));
    }
    if (words === 0) return undefined;
    const all = best.template.words;
    return {
      text: all.slice(0, words).join(' '),
      words,
      complete: words === all.length,
      distance: best.distance,
    };
  }

  /** The templates that fit best, the best first. */
  #fits(heard: SpeechFeatures, templates: readonly Template[], openEnd: boolean): Fit[] {
    if (heard.count === 0) return [];
    const frames = normalised(heard, heard.count);
    return shortlist(heard, templates, openEnd)
      .map((template) => {
        const theirs = openEnd ? normalised(template.features, heard.count) : template.whole;
        const { distance, reached } = align(frames, theirs, openEnd);
        return { template, distance, reachedMs: reached * FRAME_MS };
      })
      .sort((a, b) => a.distance - b.distance);
  }
}

/** The templates that fit best at a quick look. */
function shortlist(
  heard: SpeechFeatures,
  templates: readonly Template[],
  openEnd: boolean,
): readonly Template[] {
  if (templates.length <= SHORTLIST) return templates;
  const quick = coarse(heard);
  const frames = normalised(quick, quick.count);
  return templates
    .map((template) => {
      const theirs = openEnd ? normalised(template.coarse, quick.count) : template.coarseWhole;
      return { template, distance: align(frames, theirs, openEnd).distance };
    })
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SHORTLIST)
    .map(({ template }) => template);
}

async function learn(phrase: string, voice: VoiceSetting): Promise<Template> {
  const spoken = await speakWithWords(phrase, { ...voice, sampleRate: TEMPLATE_RATE_HZ });
  const features = speechFeatures(spoken.samples, TEMPLATE_RATE_HZ);
  const words = phrase.split(/\s+/).filter(Boolean);
  const endMs = features.count * FRAME_MS;
  // espeak-ng tells where words start; a word ends where the next one starts. Words it runs together share
  // one start, and so one end.
  const wordEndsMs = words.map((_, index) => {
    const next = spoken.words.find((word) => word.index > index);
    return next ? next.startMs - features.trimmedMs : endMs;
  });
  const small = coarse(features);
  return {
    phrase,
    words,
    wordEndsMs,
    features,
    whole: normalised(features, features.count),
    coarse: small,
    coarseWhole: normalised(small, small.count),
  };
}

/** Averages of {@link COARSE} frames each. */
function coarse(features: SpeechFeatures): SpeechFeatures {
  const count = Math.ceil(features.count / COARSE);
  const frames = new Float32Array(count * BANDS);
  for (let group = 0; group < count; group++) {
    const first = group * COARSE;
    const last = Math.min(features.count, first + COARSE);
    for (let frame = first; frame < last; frame++) {
      for (let b = 0; b < BANDS; b++) {
        frames[group * BANDS + b]! += features.frames[frame * BANDS + b]! / (last - first);
      }
    }
  }
  return { frames, count, trimmedMs: features.trimmedMs };
}

function similarLength(a: number, b: number): boolean {
  return a < b * LENGTH_RATIO && b < a * LENGTH_RATIO;
}

function wordsSaid(fit: Fit, slackMs: number): number {
  const { wordEndsMs } = fit.template;
  let said = 0;
  while (said < wordEndsMs.length && wordEndsMs[said]! <= fit.reachedMs + slackMs) said++;
  return said;
}

function wordsInCommon(a: Template, b: Template): number {
  let common = 0;
  while (common < a.words.length && a.words[common] === b.words[common]) common++;
  return common;
}
