/**
 * Changing the sample rate of speech without the whistling that linear interpolation adds: a polyphase
 * windowed-sinc filter. Supervisors listen to what this makes, and the recogniser reads its high bands.
 */

/** One filter for one pair of rates: `taps[phase]` weighs the input samples around an output sample. */
interface PolyphaseFilter {
  readonly upBy: number;
  readonly downBy: number;
  /** Input samples on each side of an output sample that take part. */
  readonly reach: number;
  readonly taps: readonly Float32Array[];
}

const ZERO_CROSSINGS = 10;
/** Leaves room for the filter's slope below the lower of the two Nyquist frequencies. */
const PASSBAND = 0.94;
const MIN_RATE_HZ = 4_000;
const MAX_RATE_HZ = 192_000;

const filters = new Map<string, PolyphaseFilter>();

/**
 * The same sound at another rate.
 *
 * @param samples mono, 16-bit signed
 * @param fromHz rate of `samples`, 4,000–192,000
 * @param toHz rate wanted, 4,000–192,000
 * @returns `samples` itself when the rates agree, otherwise a new array
 * @throws RangeError when a rate is not a whole number within those bounds
 */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  assertRate(fromHz);
  assertRate(toHz);
  if (fromHz === toHz) return samples;

  const { upBy, downBy, reach, taps } = filterFor(fromHz, toHz);
  const output = new Int16Array(Math.floor((samples.length * upBy) / downBy));
  for (let n = 0; n < output.length; n++) {
    const position = n * downBy;
    const phaseTaps = taps[position % upBy]!;
    const first = Math.floor(position / upBy) - reach + 1;
    const from = Math.max(0, -first);
    const to = Math.min(phaseTaps.length, samples.length - first);
    let sum = 0;
    for (let k = from; k < to; k++) sum += phaseTaps[k]! * samples[first + k]!;
    output[n] = sum > 32767 ? 32767 : sum < -32768 ? -32768 : Math.round(sum);
  }
  return output;
}

function assertRate(hz: number): void {
  if (!Number.isInteger(hz) || hz < MIN_RATE_HZ || hz > MAX_RATE_HZ) {
    throw new RangeError(
      `sample rate ${hz} Hz is not a whole number between ${MIN_RATE_HZ} and ${MAX_RATE_HZ}`,
    );
  }
}

function filterFor(fromHz: number, toHz: number): PolyphaseFilter {
  const key = `${fromHz}>${toHz}`;
  const known = filters.get(key);
  if (known) return known;

  const divisor = greatestCommonDivisor(fromHz, toHz);
  const upBy = toHz / divisor;
  const cutoff = Math.min(1, toHz / fromHz) * PASSBAND;
  const reach = Math.ceil(ZERO_CROSSINGS / cutoff);
  const taps: Float32Array[] = [];
  for (let phase = 0; phase < upBy; phase++) {
    const weights = new Float32Array(2 * reach);
    let total = 0;
    for (let k = 0; k < weights.length; k++) {
      const distance = k - reach + 1 - phase / upBy;
      weights[k] = sinc(cutoff * distance) * hann(distance / (reach + 1));
      total += weights[k]!;
    }
    for (let k = 0; k < weights.length; k++) weights[k]! /= total;
    taps.push(weights);
  }
  const filter = { upBy, downBy: fromHz / divisor, reach, taps };
  filters.set(key, filter);
  return filter;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function hann(x: number): number {
  return Math.abs(x) >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * x);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
