/** What every provider is asked for in its test: words for sound, an answer, sound for a sentence. */
import { AudioFrame } from '@livekit/rtc-node';
import { llm, stt } from '@livekit/agents';
import type { ModelChoice, ModelProvider } from '../../../domain/profile/models.ts';
import type { ModelSettings } from '../../../agent-host/src/models/access.ts';
import { modelAccess } from '../../../agent-host/src/models/access.ts';
import { modelsFor } from '../../../agent-host/src/models/catalog.ts';
import type { EarMaking } from '../../../agent-host/src/models/provider.ts';
import { silentLog } from '../models/fake-models.ts';
import { WholeStretchVad } from './whole-stretch-vad.ts';

/** Frames of 50 ms that make a stretch of speech. */
export const STRETCH = 20;

export const making = (settings: ModelSettings, more: Partial<EarMaking> = {}): EarMaking => ({
  access: modelAccess(settings),
  language: 'en-US',
  speakingRate: 1,
  vad: new WholeStretchVad(STRETCH),
  ...more,
});

export const choice = (
  provider: ModelProvider,
  model: string | null = null,
  voice: string | null = null,
): ModelChoice => ({
  provider,
  model,
  voice,
});

async function only<Stage extends 'hearing' | 'thinking' | 'speaking'>(
  stage: Stage,
  each: ModelChoice,
  made: EarMaking,
) {
  const [candidate] = await modelsFor(stage, [each], made as never, silentLog);
  if (candidate === undefined) throw new Error('it was left out');
  return candidate.model;
}

/** The first final words to a stretch of sound. */
export async function hear(each: ModelChoice, made: EarMaking): Promise<string> {
  const ears = await only('hearing', each, made);
  ears.on('error', () => undefined);
  const stream = ears.stream({ connOptions: { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 2_000 } });
  const samples = new Int16Array(1_200).map((_, index) => 6_000 * Math.sin(index / 6));
  const pushing = setInterval(() => stream.pushFrame(new AudioFrame(samples, 24_000, 1, 1_200)), 5);
  const overdue = setTimeout(() => stream.close(), 5_000);
  try {
    for await (const event of stream) {
      const text = event.alternatives?.[0].text ?? '';
      if (event.type === stt.SpeechEventType.FINAL_TRANSCRIPT && text !== '') return text;
    }
    return '';
  } finally {
    clearTimeout(overdue);
    clearInterval(pushing);
    stream.close();
    await ears.close();
  }
}

export async function answer(each: ModelChoice, made: EarMaking): Promise<{ text: string; tokens: number }> {
  const model = await only('thinking', each, made);
  const context = llm.ChatContext.empty();
  context.addMessage({ role: 'user', content: 'What do you sell?' });
  const { text, usage } = await model.chat({ chatCtx: context }).collect();
  return { text, tokens: usage?.totalTokens ?? 0 };
}

/** Milliseconds of sound that are not silence. */
export async function speak(
  each: ModelChoice,
  made: EarMaking,
  sentence = 'Good day to you.',
): Promise<number> {
  const voice = await only('speaking', each, made);
  let ms = 0;
  try {
    for await (const { data, sampleRate } of voice.speak(sentence, AbortSignal.timeout(5_000))) {
      ms += (1_000 * data.filter((sample) => sample !== 0).length) / sampleRate;
    }
  } finally {
    await voice.close();
  }
  return Math.round(ms);
}
