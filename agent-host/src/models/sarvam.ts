import type { AudioBuffer } from '@livekit/agents';
import { mergeFrames, stt } from '@livekit/agents';
import { TTS } from '@livekit/agents-plugin-sarvam';
import * as z from 'zod';
import type { Access } from './access.ts';
import { pluginVoice } from './fallback/voice.ts';
import type { Provider } from './provider.ts';
import { wavOf } from './wav.ts';

const HOME = 'https://api.sarvam.ai';

export const provider: Provider = {
  hearing: ({ model }, { access: { sarvam }, language, vad }) =>
    sarvam && new stt.StreamAdapter(new FileEars(sarvam, model ?? 'saarika:v2.5', language), vad),
  speaking: ({ model, voice }, { access: { sarvam }, language, speakingRate }) => {
    if (sarvam === null) return null;
    const settings = {
      apiKey: sarvam.apiKey,
      ...(sarvam.baseUrl === null ? {} : { baseURL: sarvam.baseUrl }),
      ...(voice === null ? {} : { speaker: voice }),
      targetLanguageCode: language,
      pace: speakingRate,
    };
    return pluginVoice(
      new TTS(
        model === 'bulbul:v3' ? { ...settings, model: 'bulbul:v3' } : { ...settings, model: 'bulbul:v2' },
      ),
    );
  },
};

const AnswerSchema = z.object({ transcript: z.string() });

/**
 * Sarvam's `POST /speech-to-text`, a stretch of speech at a time. The framework's plugin (1.4.8) hears over a socket, but its
 * address is written in its code, so that neither a gateway nor a test can take its place.
 */
class FileEars extends stt.STT {
  readonly #access: Access;
  readonly #model: string;
  readonly #language: string;
  label = 'earshot.SarvamFileEars';

  constructor(access: Access, model: string, language: string) {
    super({ streaming: false, interimResults: false });
    this.#access = access;
    this.#model = model;
    this.#language = language;
  }

  override stream(): stt.SpeechStream {
    throw new Error('it hears whole stretches');
  }

  protected override async _recognize(sound: AudioBuffer, signal?: AbortSignal): Promise<stt.SpeechEvent> {
    const form = new FormData();
    form.set('file', new Blob([wavOf(mergeFrames(sound))], { type: 'audio/wav' }), 'stretch.wav');
    form.set('model', this.#model);
    form.set('language_code', this.#language);
    const response = await fetch(`${this.#access.baseUrl ?? HOME}/speech-to-text`, {
      method: 'POST',
      headers: { 'api-subscription-key': this.#access.apiKey },
      body: form,
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw new Error(`sarvam answered ${response.status}`);
    const { transcript } = AnswerSchema.parse(await response.json());
    const words = { text: transcript, language: this.#language, startTime: 0, endTime: 0, confidence: 1 };
    return {
      type: stt.SpeechEventType.FINAL_TRANSCRIPT,
      alternatives: [words as unknown as stt.SpeechData],
    };
  }
}
