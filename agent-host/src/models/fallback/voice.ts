import type { AudioFrame } from '@livekit/rtc-node';
import { tts } from '@livekit/agents';

/** Something that speaks sentences. Each is asked for alone, so that another can say it when this one fails. */
export interface Voice {
  readonly sampleRate: number;
  /** One channel. Ends without a frame, or throws, when it fails; stops when `signal` says so. */
  speak(sentence: string, signal: AbortSignal): AsyncIterable<AudioFrame>;
  close(): Promise<void>;
}

/** A voice of the framework's plugins; the ones with a socket keep it open from sentence to sentence. */
export function pluginVoice(plugin: tts.TTS): Voice {
  // An error that nobody listens to would end the process; what failed is seen from a sentence without sound.
  plugin.on('error', () => undefined);
  const once = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 3_000 };
  return {
    sampleRate: plugin.sampleRate,
    close: () => plugin.close(),
    async *speak(sentence, signal) {
      const stream = plugin.stream({ connOptions: once });
      const close = (): void => stream.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        stream.pushText(sentence);
        stream.endInput();
        for await (const audio of stream) {
          if (audio === tts.SynthesizeStream.END_OF_STREAM) break;
          yield audio.frame;
        }
      } finally {
        signal.removeEventListener('abort', close);
        stream.close();
      }
    },
  };
}
