/** Speaking a customer's lines ahead of the call. */
import { MICROPHONE_RATE_HZ } from './microphone.ts';
import { customerLine } from './phrases.ts';
import type { Step } from './scenarios.ts';
import { CUSTOMER_VOICES, speakWithWords, type CustomerVoice, type Utterance } from './voice.ts';

/** Every line that the script may need, spoken in that voice. */
export async function rehearse(
  script: readonly Step[],
  voice: CustomerVoice,
): Promise<Map<string, Utterance>> {
  const lines = new Map<string, Utterance>();
  for (const id of ['still-there', ...linesOf(script)]) {
    lines.set(
      id,
      await speakWithWords(customerLine(id), { ...CUSTOMER_VOICES[voice], sampleRate: MICROPHONE_RATE_HZ }),
    );
  }
  return lines;
}

function linesOf(script: readonly Step[]): string[] {
  return script.flatMap((step) => {
    if (step.do === 'hold') return [...linesOf(step.answered), ...linesOf(step.alone)];
    return 'line' in step ? [step.line] : [];
  });
}
