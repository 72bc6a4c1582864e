import type { Peaks } from '../api/recordings.ts';
import type { RibbonSpan } from '../call/ribbon.ts';
import type { Sound } from './soundtrack.ts';

/** A sound with how loud each side of it was. */
export interface Drawn {
  readonly sound: Sound;
  readonly peaks: Peaks;
}

/** Quieter than this, of 255, nobody speaks: noise of a line, breath. */
const QUIET = 10;
/** A pause shorter than this is part of speaking, ms. */
const SHORTEST_SILENCE_MS = 1_500;
/** So much of a silence is left at each end, ms: words do not run into one another. */
const MARGIN_MS = 300;

export type Side = 'customer' | 'agents';

/** The loudest of each of `bins` equal parts of the span, 0 to 1. Where nothing was recorded there is nothing. */
export function waveOf(
  drawn: readonly Drawn[],
  side: Side,
  span: RibbonSpan,
  bins: number,
): readonly number[] {
  const wave = new Array<number>(bins).fill(0);
  const msPerBin = Math.max(1, span.toMs - span.fromMs) / bins;
  for (const { sound, peaks } of drawn) {
    const msPerPeak = 1_000 / peaks.perSecond;
    peaks[side].forEach((peak, index) => {
      const atMs = sound.fileZeroMs + index * msPerPeak;
      if (atMs < sound.fromMs || atMs >= sound.toMs) return;
      const first = Math.floor((atMs - span.fromMs) / msPerBin);
      const last = Math.ceil((atMs + msPerPeak - span.fromMs) / msPerBin) - 1;
      for (let bin = Math.max(0, first); bin <= Math.min(bins - 1, last); bin++) {
        wave[bin] = Math.max(wave[bin] ?? 0, peak / 255);
      }
    });
  }
  return wave;
}

/** Bars from the middle line, up or down, as one SVG path. */
export function wavePath(wave: readonly number[], middle: number, height: number, down: boolean): string {
  return wave
    .map((loud, x) => {
      const length = Math.round(loud * height * 10) / 10;
      return length === 0 ? '' : `M${x} ${middle}h1v${down ? length : -length}h-1z`;
    })
    .join('');
}

/** Where neither side speaks for long, in ms since the call was requested. */
export function silencesOf({ sound, peaks }: Drawn): readonly RibbonSpan[] {
  const msPerPeak = 1_000 / peaks.perSecond;
  const count = Math.max(peaks.customer.length, peaks.agents.length);
  const silences: RibbonSpan[] = [];
  let began: number | null = null;
  for (let index = 0; index <= count; index++) {
    const loud = Math.max(peaks.customer[index] ?? 0, peaks.agents[index] ?? 0) > QUIET;
    if (index < count && !loud) {
      began ??= index;
      continue;
    }
    if (began !== null && (index - began) * msPerPeak >= SHORTEST_SILENCE_MS) {
      silences.push({
        fromMs: sound.fileZeroMs + began * msPerPeak + MARGIN_MS,
        toMs: sound.fileZeroMs + index * msPerPeak - MARGIN_MS,
      });
    }
    began = null;
  }
  return silences;
}

/** Where to go on when silence is skipped; the same place when somebody speaks. */
export function pastSilence(silences: readonly RibbonSpan[], callMs: number): number {
  const silence = silences.find(({ fromMs, toMs }) => callMs >= fromMs && callMs < toMs);
  return silence?.toMs ?? callMs;
}
