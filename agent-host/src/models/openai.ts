import type { llm } from '@livekit/agents';
import { stt } from '@livekit/agents';
import type { VAD } from '@livekit/agents';
import * as plugin from '@livekit/agents-plugin-openai';
import OpenAI from 'openai';
import type { Access } from './access.ts';
import type { Voice } from './fallback/voice.ts';
import { frames } from './pcm.ts';
import type { Provider } from './provider.ts';
import { languageOnly } from './provider.ts';

/** OpenAI's sound without a header. */
const RATE_HZ = 24_000;

const options = ({ apiKey, baseUrl }: Access) => ({
  apiKey,
  ...(baseUrl === null ? {} : { baseURL: baseUrl }),
});

/** Hears over the realtime endpoint: only that gives words while they are being spoken. Our own VAD commits, because it decides the turns too. */
export function realtimeEars(access: Access, model: string, language: string, vad: VAD): stt.STT {
  return new plugin.STT({
    ...options(access),
    model,
    language: languageOnly(language),
    useRealtime: true,
    turnDetection: null,
    vad,
  });
}

/** Hears a stretch at a time, as a file: for services that have no realtime endpoint. */
export function fileEars(access: Access, model: string, language: string, vad: VAD): stt.STT {
  const whole = new plugin.STT({ ...options(access), model, language: languageOnly(language) });
  return new stt.StreamAdapter(whole, vad);
}

export function chat(access: Access, model: string): llm.LLM {
  return new plugin.LLM({ ...options(access), model });
}

export interface SpeechOptions {
  readonly model: string;
  readonly voice: string;
  readonly rate: number;
}

/**
 * Speech as it is made. Not the framework's plugin (1.9.0): that one waits for the whole sentence before its first sound.
 */
export function speech(access: Access, { model, voice, rate }: SpeechOptions): Voice {
  const client = new OpenAI({ ...options(access), maxRetries: 0 });
  return {
    sampleRate: RATE_HZ,
    close: () => Promise.resolve(),
    async *speak(input, signal) {
      const response = await client.audio.speech.create(
        { input, model, voice, response_format: 'pcm', ...(rate === 1 ? {} : { speed: rate }) },
        { signal },
      );
      if (response.body !== null) yield* frames(response.body, RATE_HZ);
    },
  };
}

export const provider: Provider = {
  hearing: ({ model }, { access, language, vad }) =>
    access.openai && realtimeEars(access.openai, model ?? 'gpt-4o-mini-transcribe', language, vad),
  thinking: ({ model }, { access }) => access.openai && chat(access.openai, model ?? 'gpt-4.1-mini'),
  speaking: ({ model, voice }, { access, speakingRate }) =>
    access.openai &&
    speech(access.openai, {
      model: model ?? 'gpt-4o-mini-tts',
      voice: voice ?? 'alloy',
      rate: speakingRate,
    }),
};
