import { availableParallelism, homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import type { ModelAccess } from './models/access.ts';
import { modelAccess } from './models/access.ts';

/** Everything the agent host reads from its environment, decoded once. Holds secrets: never log it whole. */
export interface Config {
  readonly livekit: { readonly url: string; readonly apiKey: string; readonly apiSecret: string };
  /** The Worker's base URL, http(s), without a trailing slash. */
  readonly workerUrl: string;
  /** Authorises heartbeats, and nothing else. */
  readonly agentHostKey: string;
  /** Calls this host serves at once. */
  readonly seats: number;
  /** The host's own models: those of a profile that names none. */
  readonly speech: SpeechConfig;
  /** What else it may speak to. */
  readonly models: ModelAccess;
  readonly hostName: string;
  /** Where the framework answers `GET /` with 200 while it is connected to LiveKit. */
  readonly healthPort: number;
  /** Forked processes kept warm for the next call, ~160 MB each. */
  readonly idleProcesses: number;
  /** Where recordings wait until they are stored: a folder that outlives this process and its container. */
  readonly spoolDir: string;
}

export interface SpeechConfig {
  /** `lab`: the offline stand-in; its calls are simulations. */
  readonly provider: 'lab' | 'openai';
  /** Null: the provider's own address. */
  readonly baseUrl: string | null;
  readonly apiKey: string;
  readonly sttModel: string;
  readonly llmModel: string;
  readonly ttsModel: string;
  readonly ttsVoice: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  /** One line for every setting that is wrong or missing. Names, never values. */
  | { readonly ok: false; readonly problems: readonly string[] };

const url = (...protocols: readonly string[]) =>
  z
    .string({ error: 'is missing' })
    .refine(
      (value) => hasProtocol(value, protocols),
      `must be a URL that starts with ${protocols.join(' or ')}`,
    );
/** Each service's base URL can be another: a gateway's, or a stand-in's. */
const address = url('http://', 'https://').optional();
const secret = z.string({ error: 'is missing' });
const wholeNumber = (min: number, max: number, fallback: number) =>
  z.coerce
    .number({ error: `must be a whole number from ${min} to ${max}` })
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`)
    .default(fallback);

const EnvironmentSchema = z
  .object({
    LIVEKIT_URL: url('ws://', 'wss://'),
    LIVEKIT_API_KEY: secret,
    LIVEKIT_API_SECRET: secret,
    WORKER_URL: url('http://', 'https://'),
    AGENT_HOST_KEY: secret,
    SEATS: wholeNumber(1, 1000, 4),
    SPEECH_PROVIDER: z.enum(['lab', 'openai'], { error: "must be 'lab' or 'openai'" }).optional(),
    OPENAI_API_KEY: z.string().optional(),
    OPENAI_BASE_URL: address,
    GROQ_API_KEY: z.string().optional(),
    GROQ_BASE_URL: address,
    DEEPGRAM_API_KEY: z.string().optional(),
    DEEPGRAM_BASE_URL: address,
    CARTESIA_API_KEY: z.string().optional(),
    CARTESIA_BASE_URL: address,
    SARVAM_API_KEY: z.string().optional(),
    SARVAM_BASE_URL: address,
    ELEVENLABS_API_KEY: z.string().optional(),
    ELEVENLABS_BASE_URL: address,
    AZURE_OPENAI_API_KEY: z.string().optional(),
    AZURE_OPENAI_ENDPOINT: address,
    AZURE_OPENAI_API_VERSION: z.string().optional(),
    AZURE_SPEECH_KEY: z.string().optional(),
    AZURE_SPEECH_REGION: z.string().optional(),
    AZURE_SPEECH_ENDPOINT: url('ws://', 'wss://', 'http://', 'https://').optional(),
    LAB_URL: url('http://', 'https://').default('http://127.0.0.1:8790/v1'),
    LAB_URL_2: address,
    STT_MODEL: z.string().optional(),
    LLM_MODEL: z.string().optional(),
    TTS_MODEL: z.string().optional(),
    TTS_VOICE: z.string().optional(),
    HOST_NAME: z
      .string()
      .regex(/^[\w.-]{1,80}$/, 'must be 1–80 letters, digits, dots, hyphens or underscores')
      .optional(),
    HEALTH_PORT: wholeNumber(1, 65_535, 8081),
    EARSHOT_SPOOL: z
      .string()
      .refine((path) => isAbsolute(path), 'must be an absolute path')
      .optional(),
    XDG_STATE_HOME: z.string().optional(),
    IDLE_PROCESSES: wholeNumber(1, 64, Math.min(2, availableParallelism())),
  })
  .superRefine((env, context) => {
    if (env.SPEECH_PROVIDER === 'openai' && env.OPENAI_API_KEY === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['OPENAI_API_KEY'],
        message: "is missing, and SPEECH_PROVIDER is 'openai'",
      });
    }
  });

/** An empty setting is a missing one: compose files and CI pass `NAME=` for what they do not know. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigResult {
  const given = Object.fromEntries(
    Object.keys(EnvironmentSchema.shape).flatMap((name) => {
      const value = environment[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const decoded = EnvironmentSchema.safeParse(given);
  if (!decoded.success) {
    return {
      ok: false,
      problems: decoded.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`),
    };
  }
  const env = decoded.data;
  return {
    ok: true,
    config: {
      livekit: { url: env.LIVEKIT_URL, apiKey: env.LIVEKIT_API_KEY, apiSecret: env.LIVEKIT_API_SECRET },
      workerUrl: env.WORKER_URL.replace(/\/+$/, ''),
      agentHostKey: env.AGENT_HOST_KEY,
      seats: env.SEATS,
      speech: speechConfig(env),
      models: modelAccess(env),
      hostName:
        env.HOST_NAME ??
        hostname()
          .replaceAll(/[^\w.-]/g, '-')
          .slice(0, 80),
      healthPort: env.HEALTH_PORT,
      idleProcesses: env.IDLE_PROCESSES,
      spoolDir:
        env.EARSHOT_SPOOL ??
        join(env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'earshot', 'spool'),
    },
  };
}

function speechConfig(env: z.infer<typeof EnvironmentSchema>): SpeechConfig {
  const provider = env.SPEECH_PROVIDER ?? (env.OPENAI_API_KEY === undefined ? 'lab' : 'openai');
  const models = {
    sttModel: env.STT_MODEL ?? (provider === 'lab' ? 'lab-stt' : 'gpt-4o-mini-transcribe'),
    llmModel: env.LLM_MODEL ?? (provider === 'lab' ? 'lab-llm' : 'gpt-4.1-mini'),
    ttsModel: env.TTS_MODEL ?? (provider === 'lab' ? 'lab-tts' : 'gpt-4o-mini-tts'),
    ttsVoice: env.TTS_VOICE ?? 'alloy',
  };
  return provider === 'lab'
    ? { provider, baseUrl: env.LAB_URL.replace(/\/+$/, ''), apiKey: 'lab', ...models }
    : { provider, baseUrl: env.OPENAI_BASE_URL ?? null, apiKey: env.OPENAI_API_KEY ?? '', ...models };
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.some((protocol) => value.startsWith(protocol));
}
