import type { APIConnectOptions } from '@livekit/agents';
import { stt } from '@livekit/agents';
import type * as Sdk from 'microsoft-cognitiveservices-speech-sdk';
import sdkModule from 'microsoft-cognitiveservices-speech-sdk';
import type { Access } from './access.ts';
import type { Voice } from './fallback/voice.ts';
import { frames } from './pcm.ts';

// The package is CommonJS: its names are found only on what it exports as a whole.
const sdk = sdkModule as typeof Sdk;

export type AzureSpeechAccess = Access & { readonly region: string | null };

/** Azure hears 16 kHz. */
const HEARS_AT_HZ = 16_000;
const SPEAKS_AT_HZ = 24_000;
/** The silence after which Azure closes a phrase, ms: our own VAD decides the turns. */
const PHRASE_ENDS_MS = '300';

/** An endpoint is a host's address (`wss://…`): of a private link, a container or a stand-in. */
function speechConfig({ apiKey, baseUrl, region }: AzureSpeechAccess): Sdk.SpeechConfig {
  return baseUrl === null
    ? sdk.SpeechConfig.fromSubscription(apiKey, region ?? '')
    : sdk.SpeechConfig.fromHost(new URL(baseUrl.replace(/^http/, 'ws')), apiKey);
}

/**
 * Microsoft's own recogniser behind the framework's interface. The library puts the key into the socket's address as well: never log
 * one.
 */
export class AzureEars extends stt.STT {
  readonly #access: AzureSpeechAccess;
  readonly #language: string;
  label = 'earshot.AzureEars';

  constructor(access: AzureSpeechAccess, language: string) {
    super({ streaming: true, interimResults: true });
    this.#access = access;
    this.#language = language;
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    const config = speechConfig(this.#access);
    config.speechRecognitionLanguage = this.#language;
    config.setProperty(sdk.PropertyId.Speech_SegmentationSilenceTimeoutMs, PHRASE_ENDS_MS);
    return new AzureEarStream(this, config, this.#language, options?.connOptions);
  }

  protected override _recognize(): Promise<stt.SpeechEvent> {
    return Promise.reject(new Error('sound is heard as it comes'));
  }
}

class AzureEarStream extends stt.SpeechStream {
  label = 'earshot.AzureEarStream';
  readonly #config: Sdk.SpeechConfig;
  readonly #language: string;

  constructor(ears: AzureEars, config: Sdk.SpeechConfig, language: string, connOptions?: APIConnectOptions) {
    super(ears, HEARS_AT_HZ, connOptions);
    this.#config = config;
    this.#language = language;
  }

  protected override async run(): Promise<void> {
    const sound = sdk.AudioInputStream.createPushStream(
      sdk.AudioStreamFormat.getWaveFormatPCM(HEARS_AT_HZ, 16, 1),
    );
    const recogniser = new sdk.SpeechRecognizer(this.#config, sdk.AudioConfig.fromStreamInput(sound));
    const { FINAL_TRANSCRIPT, INTERIM_TRANSCRIPT, START_OF_SPEECH, END_OF_SPEECH } = stt.SpeechEventType;
    recogniser.speechStartDetected = () => this.#put({ type: START_OF_SPEECH });
    recogniser.speechEndDetected = () => this.#put({ type: END_OF_SPEECH });
    recogniser.recognizing = (_, { result }) => this.#put(this.#event(INTERIM_TRANSCRIPT, result.text));
    recogniser.recognized = (_, { result }) => {
      if (result.reason === sdk.ResultReason.RecognizedSpeech)
        this.#put(this.#event(FINAL_TRANSCRIPT, result.text));
    };
    const over = new Promise<void>((resolve, reject) => {
      recogniser.canceled = (_, { errorCode }) =>
        reject(new Error(`azure speech: ${sdk.CancellationErrorCode[errorCode]}`));
      recogniser.sessionStopped = () => resolve();
      this.abortSignal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await new Promise<void>((resolve, reject) =>
        recogniser.startContinuousRecognitionAsync(resolve, (why) => reject(new Error(why))),
      );
      await Promise.race([over, this.#pump(sound)]);
    } finally {
      sound.close();
      recogniser.close();
    }
  }

  async #pump(sound: Sdk.PushAudioInputStream): Promise<void> {
    for await (const item of this.input) {
      if (typeof item === 'symbol') continue;
      const { buffer, byteOffset, byteLength } = item.data;
      sound.write(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
    }
  }

  #put(event: stt.SpeechEvent): void {
    if (!this.queue.closed) this.queue.put(event);
  }

  #event(type: stt.SpeechEventType, text: string): stt.SpeechEvent {
    const words = { text, language: this.#language, startTime: 0, endTime: 0, confidence: 1 };
    return { type, alternatives: [words as unknown as stt.SpeechData] };
  }
}

export interface AzureVoiceOptions {
  readonly voice: string | null;
  readonly language: string;
  readonly rate: number;
}

/** Microsoft's own synthesiser, a connection a sentence: the next sentence is asked for while this one is heard. */
export function azureVoice(access: AzureSpeechAccess, options: AzureVoiceOptions): Voice {
  return {
    sampleRate: SPEAKS_AT_HZ,
    close: () => Promise.resolve(),
    async *speak(sentence, signal) {
      yield* frames(synthesise(access, options, sentence, signal), SPEAKS_AT_HZ);
    },
  };
}

async function* synthesise(
  access: AzureSpeechAccess,
  options: AzureVoiceOptions,
  sentence: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const config = speechConfig(access);
  config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw24Khz16BitMonoPcm;
  const synthesiser = new sdk.SpeechSynthesizer(config, null);
  const pieces: Uint8Array[] = [];
  let ring: () => void = () => undefined;
  const state: { end: 'done' | Error | null } = { end: null };
  const settle = (end: 'done' | Error): void => {
    state.end = end;
    ring();
  };
  synthesiser.synthesizing = (_, { result }) => {
    pieces.push(new Uint8Array(result.audioData));
    ring();
  };
  const stop = (): void => settle('done');
  signal.addEventListener('abort', stop, { once: true });
  try {
    synthesiser.speakSsmlAsync(
      ssml(sentence, options),
      ({ reason }) =>
        settle(
          reason === sdk.ResultReason.SynthesizingAudioCompleted
            ? 'done'
            : new Error('azure speech said nothing'),
        ),
      (why) => settle(new Error(why)),
    );
    for (;;) {
      yield* pieces.splice(0);
      if (signal.aborted) return;
      // More may have come while the last piece was taken.
      if (pieces.length > 0) continue;
      if (state.end === 'done') return;
      if (state.end !== null) throw state.end;
      await new Promise<void>((resolve) => (ring = resolve));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    synthesiser.close();
  }
}

/** One of Azure's voices that speak every language of its list. */
const USUAL_VOICE = 'en-US-AvaMultilingualNeural';

function ssml(sentence: string, { voice, language, rate }: AzureVoiceOptions): string {
  const spoken = rate === 1 ? escaped(sentence) : `<prosody rate="${rate}">${escaped(sentence)}</prosody>`;
  const tongue = escaped(language);
  const said = `<voice name="${escaped(voice ?? USUAL_VOICE)}"><lang xml:lang="${tongue}">${spoken}</lang></voice>`;
  return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${tongue}">${said}</speak>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
