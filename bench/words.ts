import type { WordsSpoken } from '../domain/call/fact.ts';

let spoken = 0;

/** A finished sentence of ordinary length. Its name is unique in this process. */
export function words(
  text = 'I would like to know whether the blue one with the tow bar is still for sale, please.',
  speaker: WordsSpoken['speaker'] = 'customer',
): WordsSpoken {
  return {
    type: 'wordsSpoken',
    utteranceId: `u${++spoken}`,
    speaker,
    text,
    startedAtMs: Date.now() - 1_000,
    endedAtMs: Date.now(),
    interrupted: false,
  };
}
