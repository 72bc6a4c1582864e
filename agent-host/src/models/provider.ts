import type { llm, stt, VAD } from '@livekit/agents';
import type { ModelChoice } from '../../../domain/profile/models.ts';
import type { Voice } from './fallback/voice.ts';
import type { ModelAccess } from './access.ts';

/** What a model is made for. */
export interface Making {
  readonly access: ModelAccess;
  /** BCP 47. */
  readonly language: string;
  /** 1: as the voice is. */
  readonly speakingRate: number;
}

export interface EarMaking extends Making {
  /** Decides where a stretch of speech begins and ends. */
  readonly vad: VAD;
}

/** A service: what it can do, as far as `stagesOf` says. Null: this host has no key, or no address, for it. */
export interface Provider {
  hearing?(choice: ModelChoice, making: EarMaking): stt.STT | null;
  thinking?(choice: ModelChoice, making: Making): llm.LLM | null;
  speaking?(choice: ModelChoice, making: Making): Voice | null;
}

/** BCP 47 to the language alone, which is all that some services take: `en-US` → `en`. */
export const languageOnly = (language: string): string => language.split('-')[0] ?? language;
