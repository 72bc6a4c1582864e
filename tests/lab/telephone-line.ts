/** What a telephone or a browser does to a voice, so that the recogniser is tested on what it will hear. */
import { resample } from '../../agent-host/lab/resample.ts';

export interface LineQuality {
  /** Signal to noise, in dB. */
  readonly snrDb: number;
  /** Loudness left over. */
  readonly gain: number;
  /** The narrowest stretch of the way, in samples a second. */
  readonly bottleneckHz: number;
}

export const GOOD_LINE: LineQuality = { snrDb: 26, gain: 0.7, bottleneckHz: 16_000 };
export const POOR_LINE: LineQuality = { snrDb: 15, gain: 0.25, bottleneckHz: 11_025 };

const QUIET_MS = 250;
/** As browsers do, the deepest tones are taken away. */
const HIGH_PASS = 0.03;

/** The samples as they arrive, with quiet before and behind. */
export function overTheLine(
  samples: Int16Array,
  rate: number,
  { snrDb, gain, bottleneckHz }: LineQuality,
): Int16Array {
  const narrowed = resample(resample(samples, rate, bottleneckHz), bottleneckHz, rate);
  const level = Math.sqrt(
    narrowed.reduce((sum, sample) => sum + sample * sample, 0) / (narrowed.length || 1),
  );
  // Evenly spread noise of half-width w has the level w / √3.
  const noise = (level * gain * Math.sqrt(3)) / 10 ** (snrDb / 20);
  const quiet = Math.round((rate * QUIET_MS) / 1000);
  const arrived = new Int16Array(narrowed.length + 2 * quiet);
  let low = 0;
  for (let i = 0; i < arrived.length; i++) {
    const sample = narrowed[i - quiet] ?? 0;
    low += HIGH_PASS * (sample - low);
    arrived[i] = Math.max(-32768, Math.min(32767, (sample - low) * gain + noise * (2 * Math.random() - 1)));
  }
  return arrived;
}

export function noise(ms: number, rate: number, level: number): Int16Array {
  return new Int16Array((rate * ms) / 1000).map(() => Math.round((Math.random() * 2 - 1) * level));
}
