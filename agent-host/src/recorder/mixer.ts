import { samplesOf } from './lane.ts';

export type Side = 'left' | 'right';

/** From here on loud sound is bent instead of cut: several who speak at once must not crackle. */
const KNEE = 0.85;
const CAPACITY = samplesOf(6_000);

/**
 * The last seconds of both sides, as sums of what was placed there. Customer left, everybody else right; nothing of one side
 * ever reaches the other.
 */
export class Mixer {
  readonly #sums: Record<Side, Float32Array> = {
    left: new Float32Array(CAPACITY),
    right: new Float32Array(CAPACITY),
  };
  /** Everything before it was taken. */
  #taken = 0;

  /** Samples that were taken already, or are too far ahead, are left out. */
  add(side: Side, at: number, samples: Int16Array): void {
    const sums = this.#sums[side];
    const from = Math.max(at, this.#taken);
    const to = Math.min(at + samples.length, this.#taken + CAPACITY);
    for (let i = from; i < to; i++) {
      const slot = i % CAPACITY;
      sums[slot] = (sums[slot] ?? 0) + (samples[i - at] ?? 0) / 32_768;
    }
  }

  /** Both sides up to sample `until`, which are then forgotten. Where nothing was placed there is silence. */
  take(until: number): Record<Side, Float32Array> {
    const length = Math.max(0, Math.min(until - this.#taken, CAPACITY));
    const taken = { left: new Float32Array(length), right: new Float32Array(length) };
    for (const side of ['left', 'right'] as const) {
      const sums = this.#sums[side];
      for (let i = 0; i < length; i++) {
        const slot = (this.#taken + i) % CAPACITY;
        taken[side][i] = bent(sums[slot] ?? 0);
        sums[slot] = 0;
      }
    }
    this.#taken += length;
    return taken;
  }

  get taken(): number {
    return this.#taken;
  }
}

/** Unchanged up to the knee, then ever flatter; never beyond full scale. */
function bent(sample: number): number {
  const loud = Math.abs(sample);
  if (loud <= KNEE) return sample;
  return Math.sign(sample) * (KNEE + (1 - KNEE) * Math.tanh((loud - KNEE) / (1 - KNEE)));
}
