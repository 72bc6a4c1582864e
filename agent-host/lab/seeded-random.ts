/** Numbers from 0 up to 1 that a seed determines, so that a call which went wrong can be made again. */
export function seededRandom(seed: number): () => number {
  // Mulberry32: one 32-bit state, good enough to choose words and pauses.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * One of `choices`, by chance.
 *
 * @throws RangeError when there is nothing to choose from
 */
export function pick<Choice>(choices: readonly Choice[], random: () => number): Choice {
  if (choices.length === 0) throw new RangeError('nothing to choose from');
  return choices[Math.floor(random() * choices.length)]!;
}
