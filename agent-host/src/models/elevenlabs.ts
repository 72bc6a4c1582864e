import { STT, TTS } from '@livekit/agents-plugin-elevenlabs';
import { pluginVoice } from './fallback/voice.ts';
import type { Provider } from './provider.ts';
import { languageOnly } from './provider.ts';

/** What it is told lies between 0.7 and 1.2. */
const settings = (rate: number) => ({
  stability: 0.5,
  similarity_boost: 0.75,
  speed: Math.min(1.2, Math.max(0.7, rate)),
});

export const provider: Provider = {
  hearing: ({ model }, { access: { elevenlabs }, language }) =>
    elevenlabs &&
    new STT({
      apiKey: elevenlabs.apiKey,
      ...(elevenlabs.baseUrl === null ? {} : { baseURL: elevenlabs.baseUrl }),
      model: model ?? 'scribe_v2_realtime',
      languageCode: languageOnly(language),
      serverVad: {},
    }),
  speaking: ({ model, voice }, { access: { elevenlabs }, language, speakingRate }) =>
    elevenlabs &&
    pluginVoice(
      new TTS({
        apiKey: elevenlabs.apiKey,
        ...(elevenlabs.baseUrl === null ? {} : { baseURL: elevenlabs.baseUrl }),
        ...(model === null ? {} : { model }),
        ...(voice === null ? {} : { voiceId: voice }),
        ...(speakingRate === 1 ? {} : { voiceSettings: settings(speakingRate) }),
        language: languageOnly(language),
      }),
    ),
};
