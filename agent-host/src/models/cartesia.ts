import { STT, TTS } from '@livekit/agents-plugin-cartesia';
import { pluginVoice } from './fallback/voice.ts';
import type { Provider } from './provider.ts';
import { languageOnly } from './provider.ts';

/** Its newest voices can be told from 0.6 to 2. */
const rate = (wanted: number): { speed?: number } => (wanted === 1 ? {} : { speed: Math.max(0.6, wanted) });

export const provider: Provider = {
  hearing: ({ model }, { access: { cartesia }, language }) =>
    cartesia &&
    new STT({
      apiKey: cartesia.apiKey,
      ...(cartesia.baseUrl === null ? {} : { baseUrl: cartesia.baseUrl }),
      ...(model === null ? {} : { model }),
      language: languageOnly(language),
    }),
  speaking: ({ model, voice }, { access: { cartesia }, language, speakingRate }) =>
    cartesia &&
    pluginVoice(
      new TTS({
        apiKey: cartesia.apiKey,
        ...(cartesia.baseUrl === null ? {} : { baseUrl: cartesia.baseUrl }),
        model: model ?? 'sonic-3',
        ...(voice === null ? {} : { voice }),
        language: languageOnly(language),
        ...rate(speakingRate),
      }),
    ),
};
