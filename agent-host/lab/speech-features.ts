/**
 * What the recogniser compares: the logarithm of the energy in sixteen bands of a voice's range, sixty times
 * a second, with silence trimmed off both ends.
 */
import { resample } from './resample.ts';

/** Bands of a frame. */
export const BANDS = 16;
/** From the start of one frame to the start of the next. */
export const FRAME_MS = 16;

const RATE_HZ = 8_000;
const WINDOW = 256;
const HOP = (RATE_HZ * FRAME_MS) / 1000;
const LOWEST_HZ = 180;
const HIGHEST_HZ = 3_700;
/** Band energy this far below the loudest band of the utterance counts as nothing: noise lives down there. */
const FLOOR = 10 ** -2.8;
/**
 * At the ends of an utterance a frame is silence when its energy is under three times that of the quietest
 * tenth, within these shares of the loudest frame.
 */
const SILENCE_LOW = 10 ** -3;
const SILENCE_HIGH = 10 ** -2;

/** `count` frames of {@link BANDS} values each, one after the other. */
export interface SpeechFeatures {
  readonly frames: Float32Array;
  readonly count: number;
  /** Silence cut off the front, so that times in the original can be told. */
  readonly trimmedMs: number;
}

/** The features of one utterance; `count` is 0 when there is nothing but silence or less than a frame. */
export function speechFeatures(samples: Int16Array, sampleRate: number): SpeechFeatures {
  const sound = resample(samples, sampleRate, RATE_HZ);
  const total = Math.max(0, Math.floor((sound.length - WINDOW) / HOP) + 1);
  const energies = new Float64Array(total * BANDS);
  const loudness = new Float64Array(total);
  for (let frame = 0; frame < total; frame++) {
    loudness[frame] = bandEnergies(sound, frame * HOP, energies, frame * BANDS);
  }

  let loudest = 0;
  for (const value of loudness) loudest = Math.max(loudest, value);
  const quietest = loudness.toSorted()[Math.floor(total / 10)] ?? 0;
  const silence = Math.min(Math.max(3 * quietest, loudest * SILENCE_LOW), loudest * SILENCE_HIGH);
  let start = 0;
  while (start < total && loudness[start]! < silence) start++;
  let end = total;
  while (end > start && loudness[end - 1]! < silence) end--;
  if (loudest === 0) end = start;

  const frames = new Float32Array((end - start) * BANDS);
  const floor = loudest * FLOOR;
  for (let i = 0; i < frames.length; i++) {
    frames[i] = Math.log((energies[start * BANDS + i]! + floor) / loudest);
  }
  return { frames, count: end - start, trimmedMs: start * FRAME_MS };
}

/**
 * Writes into `out` the first `count` frames with each band's mean taken away and the spread brought to one,
 * so that a microphone's tone and level do not matter.
 */
export function normalised(features: SpeechFeatures, count: number): Float32Array {
  const length = Math.min(count, features.count) * BANDS;
  const out = features.frames.slice(0, length);
  const mean = new Float64Array(BANDS);
  for (let i = 0; i < length; i++) mean[i % BANDS]! += out[i]!;
  const frames = length / BANDS;
  for (let b = 0; b < BANDS; b++) mean[b]! /= frames || 1;
  let squares = 0;
  for (let i = 0; i < length; i++) {
    out[i]! -= mean[i % BANDS]!;
    squares += out[i]! ** 2;
  }
  const spread = Math.sqrt(squares / length) || 1;
  for (let i = 0; i < length; i++) out[i]! /= spread;
  return out;
}

const hann = Float64Array.from(
  { length: WINDOW },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW),
);
const cosines = Float64Array.from({ length: WINDOW / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / WINDOW));
const sines = Float64Array.from({ length: WINDOW / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / WINDOW));
const bandWeights = melBands();
const real = new Float64Array(WINDOW);
const imaginary = new Float64Array(WINDOW);

/** Writes the energies of the frame that starts at `from`; answers their sum. */
function bandEnergies(sound: Int16Array, from: number, out: Float64Array, at: number): number {
  for (let i = 0; i < WINDOW; i++) {
    real[i] = sound[from + i]! * hann[i]!;
    imaginary[i] = 0;
  }
  fourierTransform();
  let sum = 0;
  for (let b = 0; b < BANDS; b++) {
    let energy = 0;
    for (const [bin, weight] of bandWeights[b]!) energy += weight * (real[bin]! ** 2 + imaginary[bin]! ** 2);
    out[at + b] = energy;
    sum += energy;
  }
  return sum;
}

/** Overlapping triangles, evenly spaced on the mel scale, as (bin, weight) pairs. */
function melBands(): readonly (readonly (readonly [number, number])[])[] {
  const mel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
  const low = mel(LOWEST_HZ);
  const step = (mel(HIGHEST_HZ) - low) / (BANDS + 1);
  return Array.from({ length: BANDS }, (_, b) => {
    const weights: [number, number][] = [];
    for (let bin = 1; bin < WINDOW / 2; bin++) {
      const position = (mel((bin * RATE_HZ) / WINDOW) - low) / step - b;
      const weight = 1 - Math.abs(position - 1);
      if (weight > 0) weights.push([bin, weight]);
    }
    return weights;
  });
}

/** In place over `real` and `imaginary`, radix two. */
function fourierTransform(): void {
  for (let i = 1, j = 0; i < WINDOW; i++) {
    let bit = WINDOW >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j]!, real[i]!];
      [imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
    }
  }
  for (let size = 2; size <= WINDOW; size <<= 1) {
    const half = size >> 1;
    const stride = WINDOW / size;
    for (let start = 0; start < WINDOW; start += size) {
      for (let k = 0; k < half; k++) {
        const upper = start + k;
        const lower = upper + half;
        const c = cosines[k * stride]!;
        const s = sines[k * stride]!;
        const re = real[lower]! * c - imaginary[lower]! * s;
        const im = real[lower]! * s + imaginary[lower]! * c;
        real[lower] = real[upper]! - re;
        imaginary[lower] = imaginary[upper]! - im;
        real[upper]! += re;
        imaginary[upper]! += im;
      }
    }
  }
}
