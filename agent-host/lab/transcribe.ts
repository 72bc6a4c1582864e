/** From stretches of speech to the transcript of a turn. */
import { UNRECOGNISED_SPEECH } from './phrases.ts';
import type { Recogniser } from './recogniser.ts';
import { SPEECH_RATE_HZ, type SpeechStretch } from './speech-buffer.ts';

/** A shorter unknown sound is a cough, not a sentence. */
const SENTENCE_MIN_MS = 600;

/**
 * The recognised phrases in their order; {@link UNRECOGNISED_SPEECH} when somebody spoke but none was
 * recognised; an empty transcript when nobody spoke.
 */
export function transcribe(stretches: readonly SpeechStretch[], recogniser: Recogniser): string {
  const recognised = stretches
    .map(({ samples }) => recogniser.recognise(samples, SPEECH_RATE_HZ)?.text)
    .filter((text) => text !== undefined);
  if (recognised.length > 0) return recognised.join(' ');
  return stretches.some(({ loudMs }) => loudMs >= SENTENCE_MIN_MS) ? UNRECOGNISED_SPEECH : '';
}
