import type { CallState } from '../call/state.ts';

/** What things cost, in millionths of a US dollar. The deployment's own: nobody else knows its contracts. */
export interface Prices {
  /** Speech to text, a minute of sound. */
  readonly sttMinute: number;
  /** A million tokens read by the language model. */
  readonly llmInputMillion: number;
  /** A million tokens written by it. */
  readonly llmOutputMillion: number;
  /** Text to speech, a million characters. */
  readonly ttsMillionCharacters: number;
  /** Text to speech, a minute of sound. */
  readonly ttsMinute: number;
  /** The media server, a minute of a call. */
  readonly mediaMinute: number;
  /** The telephone line, a minute begun, from the answer on. */
  readonly phoneMinute: number;
}

/** What a call has cost so far by some prices, millionths of a US dollar. */
export interface Cost {
  readonly stt: number;
  readonly llm: number;
  readonly tts: number;
  readonly media: number;
  readonly phone: number;
  readonly total: number;
}

const MINUTE_MS = 60_000;

/** What hearing, thinking and speaking come to, unrounded. */
function modelParts(
  usage: CallState['usage'],
  prices: Prices,
): { readonly stt: number; readonly llm: number; readonly tts: number } {
  return {
    stt: (usage.sttAudioMs / MINUTE_MS) * prices.sttMinute,
    llm:
      (usage.llmInputTokens * prices.llmInputMillion + usage.llmOutputTokens * prices.llmOutputMillion) /
      1_000_000,
    tts:
      (usage.ttsCharacters * prices.ttsMillionCharacters) / 1_000_000 +
      (usage.ttsAudioMs / MINUTE_MS) * prices.ttsMinute,
  };
}

/** What the models alone have cost, millionths of a US dollar. */
export function costOfModels(usage: CallState['usage'], prices: Prices): number {
  const { stt, llm, tts } = modelParts(usage, prices);
  return Math.round(stt) + Math.round(llm) + Math.round(tts);
}

/** Telephone minutes are charged when they begin, as carriers do; all else by what was used. */
export function costOf(
  { usage, request, answeredAtMs, requestedAtMs, end }: CallState,
  prices: Prices,
  nowMs: number,
): Cost {
  const untilMs = end?.atMs ?? nowMs;
  const minutes = (fromMs: number): number => Math.max(0, untilMs - fromMs) / MINUTE_MS;
  const parts = {
    ...modelParts(usage, prices),
    media: request.media === 'livekit' ? minutes(requestedAtMs) * prices.mediaMinute : 0,
    phone:
      request.phone !== undefined && answeredAtMs !== null
        ? Math.ceil(minutes(answeredAtMs)) * prices.phoneMinute
        : 0,
  };
  const whole = {
    stt: Math.round(parts.stt),
    llm: Math.round(parts.llm),
    tts: Math.round(parts.tts),
    media: Math.round(parts.media),
    phone: Math.round(parts.phone),
  };
  return { ...whole, total: Object.values(whole).reduce((sum, part) => sum + part, 0) };
}
