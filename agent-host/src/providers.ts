import type { VAD } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import type { SpeechConfig } from './config.ts';

/** BCP 47 to the language alone, which is all the recogniser takes: `en-US` → `en`. */
const languageOnly = (language: string): string => language.split('-')[0] ?? language;

const access = (config: SpeechConfig) => ({
  apiKey: config.apiKey,
  ...(config.baseUrl === null ? {} : { baseURL: config.baseUrl }),
});

/** A voice for single sentences outside of any call's session. */
export function sentenceVoice(config: SpeechConfig): openai.TTS {
  return new openai.TTS({
    ...access(config),
    model: config.ttsModel,
    // The plugin's list of voices is closed, the services' are not.
    voice: config.ttsVoice as openai.TTSVoices,
  });
}

/** Also for ears beside a call's session. */
export function recogniser(config: SpeechConfig, language: string, vad: VAD): openai.STT {
  return new openai.STT({
    ...access(config),
    model: config.sttModel,
    language: languageOnly(language),
    // Only the realtime endpoint gives interims; our own VAD commits, because it decides the turns too.
    useRealtime: true,
    turnDetection: null,
    vad,
  });
}

/**
 * The speech models of a call. `lab` is the same plugin against the offline stand-in, so that what runs in the lab is
 * what runs in production.
 */
export function speechModels(config: SpeechConfig, language: string, vad: VAD) {
  return {
    stt: recogniser(config, language, vad),
    llm: new openai.LLM({ ...access(config), model: config.llmModel }),
    tts: sentenceVoice(config),
  };
}
