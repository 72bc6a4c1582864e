/**
 * The lab's voices: espeak-ng in WebAssembly, so that a newcomer needs nothing but Node.
 *
 * Danger: espeak-ng is GPL-3.0. This file and everything that imports it are for development only and must
 * never reach the shipped bundle or image.
 */
import loadEspeak from '@echogarden/espeak-ng-emscripten';
import { resample } from './resample.ts';

/** How a voice sounds. */
export interface VoiceSetting {
  /** An espeak-ng voice with an optional variant, such as `en`, `en-us+f3`. Note that `en-gb` is not one. */
  readonly voice: string;
  /** Words a minute. */
  readonly speed: number;
  /** 0–99; 50, the default, is the voice's own pitch. */
  readonly pitch?: number;
  /** 0–99: how far the pitch moves; 50 is the default. */
  readonly range?: number;
  /** Share of full loudness, over 0 up to 1, the default. */
  readonly level?: number;
  /** Whether the voice falls silent towards the end of a line, as people do; see {@link CUSTOMER_VOICES}. */
  readonly fading?: boolean;
}

export interface SpeakOptions extends VoiceSetting {
  /** Samples a second of the result. */
  readonly sampleRate: number;
}

/** Where a word of the text lies in the sound. */
export interface SpokenWord {
  /** Index among the words of the text, which are parted by white space. */
  readonly index: number;
  readonly startMs: number;
}

export interface Utterance {
  readonly samples: Int16Array;
  readonly words: readonly SpokenWord[];
}

/** What the customers have in common. */
const AS_ON_THE_PHONE = { range: 90, level: 0.16, fading: true } as const;

/**
 * The customers. Each is heard apart by a person, and each is understood by the recogniser.
 *
 * LiveKit's turn detector judges by ear whether somebody has finished, and a plain espeak-ng voice never
 * sounds finished to it: 5–10 of the lab's 49 lines passed, and every other turn waited 2.5 s. At a phone's
 * level, with a livelier pitch and a fading end, 40–49 of 49 pass (v1-mini, 300 ms of silence, five voices).
 */
export const CUSTOMER_VOICES = {
  alice: { voice: 'en+f2', speed: 176, pitch: 55, ...AS_ON_THE_PHONE },
  bruce: { voice: 'en-us+m3', speed: 176, pitch: 42, ...AS_ON_THE_PHONE },
  carol: { voice: 'en-us+f3', speed: 180, pitch: 50, ...AS_ON_THE_PHONE },
  derek: { voice: 'en', speed: 178, pitch: 48, ...AS_ON_THE_PHONE },
  fiona: { voice: 'en-GB-scotland+f3', speed: 178, pitch: 60, ...AS_ON_THE_PHONE },
} as const satisfies Record<string, VoiceSetting>;

export type CustomerVoice = keyof typeof CUSTOMER_VOICES;

export const CUSTOMER_VOICE_NAMES = Object.keys(CUSTOMER_VOICES) as CustomerVoice[];

/** The AI agent's voice, unlike any customer's. */
export const AGENT_VOICE: VoiceSetting = { voice: 'en-us+m7', speed: 172, pitch: 52, level: 0.5 };

/** Samples kept in memory: about 25 minutes of speech, 66 MB. The least recently used goes first. */
const CACHE_SAMPLES = 33_000_000;
/** Quieter than this (of 32,767) at the end of an utterance is silence. */
const SILENCE_LEVEL = 160;
/** How long a fading voice takes to fade, and to what share of its loudness. */
const FADE_MS = 350;
const FADE_TO = 0.06;

/** What espeak-ng made, before rate and loudness: both are cheap, and one synthesis serves them all. */
interface Synthesis extends Utterance {
  readonly sampleRate: number;
}

let engine: Promise<{ worker: InstanceType<Espeak['eSpeakNGWorker']>; sampleRate: number }> | undefined;
type Espeak = Awaited<ReturnType<typeof loadEspeak>>;

const cache = new Map<string, Synthesis>();
let cachedSamples = 0;
/** The tail of the queue: the WebAssembly instance holds one voice at a time and is not re-entrant. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Says `text`. One synthesis runs at a time in the whole process, and blocks it for 30–200 ms a sentence;
 * what was said before comes from memory.
 *
 * @returns mono samples at `sampleRate`, without silence at the end; empty for a text with nothing to say
 * @throws RangeError when espeak-ng has no such voice
 */
export async function speak(text: string, options: SpeakOptions): Promise<Int16Array> {
  return (await speakWithWords(text, options)).samples;
}

/** As {@link speak}, and tells where each word starts. */
export async function speakWithWords(text: string, options: SpeakOptions): Promise<Utterance> {
  const { voice, speed, pitch, range } = options;
  const key = [voice, speed, pitch, range, text].join('\n');
  let synthesis = recall(key);
  if (!synthesis) {
    const next = queue.then(async () => recall(key) ?? remember(key, await synthesise(text, options)));
    queue = next.catch(() => undefined);
    synthesis = await next;
  }
  const { samples, sampleRate, words } = synthesis;
  return { samples: shaped(resample(samples, sampleRate, options.sampleRate), options), words };
}

async function synthesise(text: string, setting: VoiceSetting): Promise<Synthesis> {
  engine ??= startEngine();
  const { worker, sampleRate } = await engine;
  if (text.trim() === '') return { samples: new Int16Array(0), sampleRate, words: [] };
  // Lets a waiting socket or audio frame through between two sentences.
  await new Promise((resolve) => setImmediate(resolve));

  worker.set_voice(setting.voice, '');
  worker.set_rate(setting.speed);
  worker.set_pitch(setting.pitch ?? 50);
  worker.set_range(setting.range ?? 50);
  const pieces: Int16Array[] = [];
  const words: SpokenWord[] = [];
  worker.synthesize(text, (samples, events) => {
    if (samples) pieces.push(samples);
    for (const event of events) {
      if (event.type === 'word') {
        words.push({ index: wordIndexAt(text, event.text_position - 1), startMs: event.audio_position });
      }
    }
    return false;
  });
  const spoken = join(pieces);
  // A missing voice is not an error to espeak-ng: it answers a few milliseconds of nothing.
  if (/[\p{L}\p{N}]/u.test(text) && spoken.length < sampleRate / 50) {
    throw new RangeError(`espeak-ng cannot speak with the voice "${setting.voice}"`);
  }
  return { samples: withoutSilentEnd(spoken), sampleRate, words };
}

function shaped(samples: Int16Array, { level = 1, fading = false, sampleRate }: SpeakOptions): Int16Array {
  const fadeSamples = fading ? (sampleRate * FADE_MS) / 1000 : 0;
  const fadeFrom = samples.length - fadeSamples;
  return samples.map((sample, i) => {
    const faded = i <= fadeFrom ? 0 : (i - fadeFrom) / fadeSamples;
    return Math.round(sample * level * (1 - (1 - FADE_TO) * faded));
  });
}

async function startEngine() {
  const espeak = await loadEspeak({});
  const worker = new espeak.eSpeakNGWorker();
  return { worker, sampleRate: worker.get_samplerate() };
}

function wordIndexAt(text: string, position: number): number {
  return text.slice(0, position).trimStart().match(/\s+/g)?.length ?? 0;
}

function join(pieces: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function withoutSilentEnd(samples: Int16Array): Int16Array {
  let end = samples.length;
  while (end > 0 && Math.abs(samples[end - 1]!) < SILENCE_LEVEL) end--;
  return samples.subarray(0, end);
}

function recall(key: string): Synthesis | undefined {
  const known = cache.get(key);
  if (!known) return undefined;
  // A Map keeps the order of insertion: moving a key to the end makes the first key the least recently used.
  cache.delete(key);
  cache.set(key, known);
  return known;
}

function remember(key: string, synthesis: Synthesis): Synthesis {
  cache.set(key, synthesis);
  cachedSamples += synthesis.samples.length;
  for (const [oldest, old] of cache) {
    if (cachedSamples <= CACHE_SAMPLES || oldest === key) break;
    cache.delete(oldest);
    cachedSamples -= old.samples.length;
  }
  return synthesis;
}
