import type { metrics as frameworkMetrics } from '@livekit/agents';
import type { UsageReported } from '../../domain/call/fact.ts';

/** What was consumed since it was last taken, so that reports add up. */
export class UsageMeter {
  /** True when the voice takes text as a stream; one that does not is metered twice, once by the adapter around it. */
  readonly #voiceStreams: boolean;
  #sttAudioMs = 0;
  #sttMeteredAtMs: number;
  #llmInputTokens = 0;
  #llmOutputTokens = 0;
  #ttsCharacters = 0;
  #ttsAudioMs = 0;

  constructor(voiceStreams: boolean, nowMs: number) {
    this.#voiceStreams = voiceStreams;
    this.#sttMeteredAtMs = nowMs;
  }

  metered(metrics: frameworkMetrics.AgentMetrics, nowMs: number): void {
    switch (metrics.type) {
      case 'stt_metrics':
        // With our own VAD the recogniser reports no duration; it was sent every frame since its last report.
        this.#sttAudioMs +=
          metrics.audioDurationMs > 0 ? metrics.audioDurationMs : nowMs - this.#sttMeteredAtMs;
        this.#sttMeteredAtMs = nowMs;
        return;
      case 'llm_metrics':
        this.#llmInputTokens += metrics.promptTokens;
        this.#llmOutputTokens += metrics.completionTokens;
        return;
      case 'tts_metrics':
        if (metrics.streamed !== this.#voiceStreams) return;
        this.#ttsCharacters += metrics.charactersCount;
        this.#ttsAudioMs += metrics.audioDurationMs;
    }
  }

  /** Null when nothing was consumed. */
  take(): UsageReported | null {
    const taken: UsageReported = {
      type: 'usageReported',
      sttAudioMs: Math.round(this.#sttAudioMs),
      llmInputTokens: Math.round(this.#llmInputTokens),
      llmOutputTokens: Math.round(this.#llmOutputTokens),
      ttsCharacters: Math.round(this.#ttsCharacters),
      ttsAudioMs: Math.round(this.#ttsAudioMs),
    };
    this.#sttAudioMs =
      this.#llmInputTokens =
      this.#llmOutputTokens =
      this.#ttsCharacters =
      this.#ttsAudioMs =
        0;
    const { type: _type, ...amounts } = taken;
    return Object.values(amounts).some((amount) => amount > 0) ? taken : null;
  }
}
