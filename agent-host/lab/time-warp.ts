/** Dynamic time warping: how far two utterances are apart when one may be said slower or faster than the other. */
import { BANDS } from './speech-features.ts';

/** How far the alignment may stray from an even pace, as a share of the longer utterance. */
const STRAY = 0.16;
const STRAY_MIN_FRAMES = 8;
const UNREACHED = 1e9;

export interface Alignment {
  /** Mean squared difference a step; about 0.1–0.3 for the same words, above 0.5 for others. */
  readonly distance: number;
  /** Frames of the template that the utterance reaches. */
  readonly reached: number;
}

let previous = new Float64Array(0);
let current = new Float64Array(0);

/**
 * Aligns an utterance with a whole template, or, when `openEnd`, with the part of it that fits best.
 * Frames are as `normalised` gives them.
 */
export function align(utterance: Float32Array, template: Float32Array, openEnd: boolean): Alignment {
  // A local copy: test runners turn each use of an import into a look-up, and this is the innermost loop.
  const bands = BANDS;
  const rows = utterance.length / bands;
  const columns = template.length / bands;
  if (rows === 0 || columns === 0) return { distance: UNREACHED, reached: 0 };
  if (previous.length <= columns) {
    previous = new Float64Array(columns + 1);
    current = new Float64Array(columns + 1);
  }

  const stray = Math.max(STRAY_MIN_FRAMES, Math.round(Math.max(rows, columns) * STRAY));
  const pace = openEnd ? 1 : columns / rows;
  previous.fill(UNREACHED, 0, columns + 1);
  previous[0] = 0;
  for (let i = 1; i <= rows; i++) {
    const centre = Math.round(i * pace);
    const from = Math.max(1, centre - stray);
    const to = Math.min(columns, centre + stray);
    current.fill(UNREACHED, 0, columns + 1);
    for (let j = from; j <= to; j++) {
      const before = Math.min(previous[j]!, previous[j - 1]!, current[j - 1]!);
      if (before >= UNREACHED) continue;
      current[j] = before + difference(utterance, (i - 1) * bands, template, (j - 1) * bands, bands);
    }
    [previous, current] = [current, previous];
  }

  if (!openEnd) return { distance: previous[columns]! / (rows + columns), reached: columns };
  let best = { distance: UNREACHED, reached: 0 };
  for (let j = 1; j <= columns; j++) {
    const distance = previous[j]! / (rows + j);
    if (distance < best.distance) best = { distance, reached: j };
  }
  return best;
}

function difference(a: Float32Array, atA: number, b: Float32Array, atB: number, bands: number): number {
  let sum = 0;
  for (let k = 0; k < bands; k++) {
    const delta = a[atA + k]! - b[atB + k]!;
    sum += delta * delta;
  }
  return sum / bands;
}
