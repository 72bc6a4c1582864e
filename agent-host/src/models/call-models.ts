import type { stt, VAD } from '@livekit/agents';
import type { ModelReplaced } from '../../../domain/call/agent-facts.ts';
import type { ModelChoice, ModelStage } from '../../../domain/profile/models.ts';
import type { Profile } from '../../../domain/profile/profile.ts';
import type { Config, SpeechConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { modelsFor } from './catalog.ts';
import { Hearing } from './fallback/hearing.ts';
import { Roster } from './fallback/roster.ts';
import { Speaking } from './fallback/speaking.ts';
import { Thinking } from './fallback/thinking.ts';
import type { Voice } from './fallback/voice.ts';
import type { EarMaking } from './provider.ts';

export interface CallModelsOptions {
  readonly profile: Pick<Profile, 'hearing' | 'thinking' | 'speaking' | 'realtime' | 'speakingRate'>;
  /** What is spoken as the call begins, BCP 47. */
  readonly language: string;
  readonly config: Pick<Config, 'speech' | 'models'>;
  readonly vad: VAD;
  readonly log: Log;
  readonly onReplaced: (replaced: ModelReplaced) => void;
}

/** The models of one call, in the profile's order, each stage with those that stand in for it. */
export interface CallModels {
  readonly hearing: Hearing;
  readonly thinking: Thinking;
  readonly speaking: Speaking;
  /** Ears beside the session's, for whoever holds the line. */
  ears(): stt.STT;
  /** Rings when nobody hears, thinks or speaks any more. */
  onOutage(listener: (stage: ModelStage) => void): void;
  /** Hears and speaks another language from now on. */
  switchTo(language: string): Promise<void>;
}

export async function callModels(options: CallModelsOptions): Promise<CallModels> {
  const { profile, config, vad, log, onReplaced } = options;
  let listener: (stage: ModelStage) => void = () => undefined;
  const outage = (stage: ModelStage) => (): void => {
    log.warn('no model is left', { stage });
    listener(stage);
  };
  if (profile.realtime !== null)
    log.warn('speech to speech is not served: the three stages are', { provider: profile.realtime.provider });
  const own = ownModels(config.speech);
  const making = (language: string): EarMaking => ({
    access: config.models,
    language,
    speakingRate: profile.speakingRate,
    vad,
  });
  const ears = async (language: string) => {
    const chosen = await modelsFor('hearing', profile.hearing, making(language), log);
    return chosen.length > 0 ? chosen : modelsFor('hearing', [own.hearing], making(language), log);
  };
  const voices = async (language: string) => {
    const chosen = await modelsFor('speaking', profile.speaking, making(language), log);
    return chosen.length > 0 ? chosen : modelsFor('speaking', [own.speaking], making(language), log);
  };
  const minds = async () => {
    const chosen = await modelsFor('thinking', profile.thinking, making(options.language), log);
    return chosen.length > 0 ? chosen : modelsFor('thinking', [own.thinking], making(options.language), log);
  };

  const [hears, thinks, speaks] = await Promise.all([
    ears(options.language),
    minds(),
    voices(options.language),
  ]);
  const voiceRoster = new Roster<Voice>('speaking', speaks, onReplaced);
  let current = hears;
  const hearing = new Hearing({
    roster: new Roster<stt.STT>('hearing', hears, onReplaced),
    onOutage: outage('hearing'),
    log,
  });
  return {
    hearing,
    thinking: new Thinking({
      roster: new Roster('thinking', thinks, onReplaced),
      onOutage: outage('thinking'),
      log,
    }),
    speaking: new Speaking({ roster: voiceRoster, onOutage: outage('speaking'), log }),
    // What fails there is nobody's outage, and no news of the call's own ears.
    ears: () =>
      new Hearing({
        roster: new Roster<stt.STT>('hearing', current, () => undefined),
        onOutage: () => undefined,
        log,
      }),
    onOutage: (each) => (listener = each),
    switchTo: async (language) => {
      const [newEars, newVoices] = await Promise.all([ears(language), voices(language)]);
      current = newEars;
      voiceRoster.replace(newVoices);
      hearing.replace(newEars);
    },
  };
}

/** The host's own voice, for single sentences outside of any call. */
export async function hostVoice(config: Pick<Config, 'speech' | 'models'>, log: Log): Promise<Voice> {
  const { speaking } = ownModels(config.speech);
  const english = { access: config.models, language: 'en', speakingRate: 1 };
  const [own] = await modelsFor('speaking', [speaking], english, log);
  if (own === undefined) throw new Error('the host has no voice of its own');
  return own.model;
}

/** The host's own models as choices. */
export function ownModels({ provider, sttModel, llmModel, ttsModel, ttsVoice }: SpeechConfig): {
  readonly hearing: ModelChoice;
  readonly thinking: ModelChoice;
  readonly speaking: ModelChoice;
} {
  return {
    hearing: { provider, model: sttModel, voice: null },
    thinking: { provider, model: llmModel, voice: null },
    speaking: { provider, model: ttsModel, voice: ttsVoice },
  };
}
