/** Services that hear, think or speak. `lab`: the offline stand-in. */
export const modelProviders = [
  'lab',
  'openai',
  'azure',
  'deepgram',
  'cartesia',
  'groq',
  'sarvam',
  'elevenlabs',
] as const;
export type ModelProvider = (typeof modelProviders)[number];

/** The parts of a conversation that models do. */
export const modelStages = ['hearing', 'thinking', 'speaking', 'realtime'] as const;
export type ModelStage = (typeof modelStages)[number];

/** Who can do what, as far as Earshot speaks with them. */
export const stagesOf: Readonly<Record<ModelProvider, readonly ModelStage[]>> = {
  lab: ['hearing', 'thinking', 'speaking'],
  openai: ['hearing', 'thinking', 'speaking', 'realtime'],
  azure: ['hearing', 'thinking', 'speaking', 'realtime'],
  deepgram: ['hearing', 'speaking'],
  cartesia: ['hearing', 'speaking'],
  groq: ['hearing', 'thinking', 'speaking'],
  sarvam: ['hearing', 'speaking'],
  elevenlabs: ['hearing', 'speaking'],
};

/** One model of a service. */
export interface ModelChoice {
  readonly provider: ModelProvider;
  /** The service's own name of it; null: the one we know to work well. */
  readonly model: string | null;
  /** The service's own name of a voice; null where none is needed, or for its usual one. */
  readonly voice: string | null;
}

/** A model in the ledger: `openai/gpt-4.1-mini`. */
export const modelName = ({ provider, model }: Pick<ModelChoice, 'provider' | 'model'>): string =>
  model === null ? provider : `${provider}/${model}`;
