import type { ModelProvider } from '../../../domain/profile/models.ts';

/** How one service is spoken to. Holds a secret: never log it. */
export interface Access {
  readonly apiKey: string;
  /** Null: the service's own address. Without a trailing slash. */
  readonly baseUrl: string | null;
}

/** What this host may speak to. A service without a key is not there. */
export interface ModelAccess {
  readonly openai: Access | null;
  readonly groq: Access | null;
  readonly deepgram: Access | null;
  readonly cartesia: Access | null;
  readonly sarvam: Access | null;
  readonly elevenlabs: Access | null;
  /** Azure OpenAI: `baseUrl` is the resource's own address, which everybody has of their own. */
  readonly azureOpenai: (Access & { readonly apiVersion: string }) | null;
  /** Azure Speech, in a region or at an address. */
  readonly azureSpeech: (Access & { readonly region: string | null }) | null;
  /** The offline stand-ins; a model named `…@2` speaks to the second, so that one can stand in for the other. */
  readonly lab: readonly (Access | null)[];
}

/** The settings that `modelAccess` reads. */
export const modelSettings = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'GROQ_API_KEY',
  'GROQ_BASE_URL',
  'DEEPGRAM_API_KEY',
  'DEEPGRAM_BASE_URL',
  'CARTESIA_API_KEY',
  'CARTESIA_BASE_URL',
  'SARVAM_API_KEY',
  'SARVAM_BASE_URL',
  'ELEVENLABS_API_KEY',
  'ELEVENLABS_BASE_URL',
  'AZURE_OPENAI_API_KEY',
  'AZURE_OPENAI_ENDPOINT',
  'AZURE_OPENAI_API_VERSION',
  'AZURE_SPEECH_KEY',
  'AZURE_SPEECH_REGION',
  'AZURE_SPEECH_ENDPOINT',
  'LAB_URL',
  'LAB_URL_2',
] as const;
export type ModelSettings = Partial<Record<(typeof modelSettings)[number], string | undefined>>;

const AZURE_API_VERSION = '2024-10-21';

export function modelAccess(env: ModelSettings): ModelAccess {
  const access = (key: string | undefined, baseUrl: string | undefined): Access | null =>
    key === undefined ? null : { apiKey: key, baseUrl: withoutSlash(baseUrl) };
  const azureOpenai = access(env.AZURE_OPENAI_API_KEY, env.AZURE_OPENAI_ENDPOINT);
  const azureSpeech = access(env.AZURE_SPEECH_KEY, env.AZURE_SPEECH_ENDPOINT);
  const region = env.AZURE_SPEECH_REGION ?? null;
  const lab = (url: string | undefined): Access | null =>
    url === undefined ? null : { apiKey: 'lab', baseUrl: withoutSlash(url) };
  return {
    openai: access(env.OPENAI_API_KEY, env.OPENAI_BASE_URL),
    groq: access(env.GROQ_API_KEY, env.GROQ_BASE_URL),
    deepgram: access(env.DEEPGRAM_API_KEY, env.DEEPGRAM_BASE_URL),
    cartesia: access(env.CARTESIA_API_KEY, env.CARTESIA_BASE_URL),
    sarvam: access(env.SARVAM_API_KEY, env.SARVAM_BASE_URL),
    elevenlabs: access(env.ELEVENLABS_API_KEY, env.ELEVENLABS_BASE_URL),
    // Neither is anywhere in particular: without an address or a region there is nothing to speak to.
    azureOpenai:
      azureOpenai === null || azureOpenai.baseUrl === null
        ? null
        : { ...azureOpenai, apiVersion: env.AZURE_OPENAI_API_VERSION ?? AZURE_API_VERSION },
    azureSpeech:
      azureSpeech === null || (azureSpeech.baseUrl === null && region === null)
        ? null
        : { ...azureSpeech, region },
    lab: [lab(env.LAB_URL), lab(env.LAB_URL_2)],
  };
}

const withoutSlash = (url: string | undefined): string | null => url?.replace(/\/+$/, '') ?? null;

/** A lab model's name and the stand-in that serves it: `lab-stt@2` → `lab-stt` at the second. */
export function labModel(access: ModelAccess, model: string): { model: string; access: Access | null } {
  const [name = model, place = '1'] = model.split('@');
  return { model: name, access: access.lab[Number(place) - 1] ?? null };
}

/** The one way in for all of a service's stages; Azure and the lab are asked for by their own. */
export const plainAccess = (
  access: ModelAccess,
  provider: Exclude<ModelProvider, 'azure' | 'lab'>,
): Access | null => access[provider];
