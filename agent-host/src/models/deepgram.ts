import { STT, TTS } from '@livekit/agents-plugin-deepgram';
import { pluginVoice } from './fallback/voice.ts';
import type { Provider } from './provider.ts';

const SPEAKS_AT_HZ = 24_000;

export const provider: Provider = {
  hearing: ({ model }, { access: { deepgram }, language }) =>
    deepgram &&
    new STT({
      apiKey: deepgram.apiKey,
      ...(deepgram.baseUrl === null ? {} : { baseUrl: deepgram.baseUrl.replace(/^http/, 'ws') }),
      model: model ?? 'nova-3',
      language,
    }),
  // A voice is part of the model's name: `aura-2-andromeda-en`. It speaks the language in its name, at one rate.
  speaking: ({ model, voice }, { access: { deepgram } }) =>
    deepgram &&
    pluginVoice(
      new TTS({
        apiKey: deepgram.apiKey,
        ...(deepgram.baseUrl === null ? {} : { baseUrl: deepgram.baseUrl }),
        model: voice ?? model ?? 'aura-2-andromeda-en',
        sampleRate: SPEAKS_AT_HZ,
      }),
    ),
};
