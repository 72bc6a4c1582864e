import type { Env } from '../../durable-objects/env.ts';
import type { ConnectionId } from '../../protocol/api/connections.ts';

/** What the deployment was given, by name; a missing one is undefined. */
export type Configured = (setting: string) => string | undefined;

/** Names come from tables of ours, never from a request. */
export function configuredIn(env: Env): Configured {
  return (name) => {
    const value = (env as unknown as Record<string, unknown>)[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
}

/** Somebody else's service that is asked over HTTPS with a key of ours. */
export interface Provider {
  readonly id: ConnectionId;
  readonly name: string;
  readonly kind: 'model' | 'telephony';
  readonly purpose: string;
  /** Secrets it cannot do without. */
  readonly settings: readonly string[];
  /** A request that reads and costs nothing. */
  readonly question: (configured: Configured) => Request;
  /** Other answers that mean the key is good: of a service that has no question which costs nothing. */
  readonly alsoGood?: readonly number[];
}

const bearer = (key: string | undefined): Record<string, string> => ({
  authorization: `Bearer ${key ?? ''}`,
});

/** Where the vendors publish the questions: each one's API reference, beside the entry. */
export const providers: readonly Provider[] = [
  {
    id: 'openai',
    name: 'OpenAI',
    kind: 'model',
    purpose: 'speech recognition, language model, voices, realtime',
    settings: ['OPENAI_API_KEY'],
    // platform.openai.com/docs/api-reference/models/list
    question: (get) =>
      new Request(`${get('OPENAI_BASE_URL') ?? 'https://api.openai.com/v1'}/models`, {
        headers: bearer(get('OPENAI_API_KEY')),
      }),
  },
  {
    id: 'groq',
    name: 'Groq',
    kind: 'model',
    purpose: 'fast language models, results of calls',
    settings: ['GROQ_API_KEY'],
    // console.groq.com/docs/api-reference#models
    question: (get) =>
      new Request(`${get('GROQ_BASE_URL') ?? 'https://api.groq.com/openai/v1'}/models`, {
        headers: bearer(get('GROQ_API_KEY')),
      }),
  },
  {
    id: 'azureOpenai',
    name: 'Azure OpenAI',
    kind: 'model',
    purpose: 'language models in your own Azure region',
    settings: ['AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_API_KEY'],
    // learn.microsoft.com/azure/ai-foundry/openai/reference: Models - List
    question: (get) =>
      new Request(new URL('/openai/models?api-version=2024-10-21', get('AZURE_OPENAI_ENDPOINT')), {
        headers: { 'api-key': get('AZURE_OPENAI_API_KEY') ?? '' },
      }),
  },
  {
    id: 'deepgram',
    name: 'Deepgram',
    kind: 'model',
    purpose: 'speech recognition, voices',
    settings: ['DEEPGRAM_API_KEY'],
    // developers.deepgram.com/reference/manage/projects/list
    question: (get) =>
      new Request(`${get('DEEPGRAM_BASE_URL') ?? 'https://api.deepgram.com'}/v1/projects`, {
        headers: { authorization: `Token ${get('DEEPGRAM_API_KEY') ?? ''}` },
      }),
  },
  {
    id: 'cartesia',
    name: 'Cartesia',
    kind: 'model',
    purpose: 'voices, speech recognition',
    settings: ['CARTESIA_API_KEY'],
    // docs.cartesia.ai/api-reference/voices/list
    question: (get) =>
      new Request(`${get('CARTESIA_BASE_URL') ?? 'https://api.cartesia.ai'}/voices?limit=1`, {
        headers: { ...bearer(get('CARTESIA_API_KEY')), 'cartesia-version': '2025-04-16' },
      }),
  },
  {
    id: 'sarvam',
    name: 'Sarvam',
    kind: 'model',
    purpose: 'speech recognition and voices for the languages of India',
    settings: ['SARVAM_API_KEY'],
    // docs.sarvam.ai/api/getting-started/errors-troubleshooting: a bad key is 403, a request without content 400 or 422
    question: (get) =>
      new Request(`${get('SARVAM_BASE_URL') ?? 'https://api.sarvam.ai'}/text-to-speech`, {
        method: 'POST',
        headers: { 'api-subscription-key': get('SARVAM_API_KEY') ?? '', 'content-type': 'application/json' },
        body: '{}',
      }),
    alsoGood: [400, 422],
  },
  {
    id: 'elevenlabs',
    name: 'ElevenLabs',
    kind: 'model',
    purpose: 'voices, speech recognition',
    settings: ['ELEVENLABS_API_KEY'],
    // elevenlabs.io/docs/api-reference/models/list
    question: (get) =>
      new Request(`${get('ELEVENLABS_BASE_URL') ?? 'https://api.elevenlabs.io/v1'}/models`, {
        headers: { 'xi-api-key': get('ELEVENLABS_API_KEY') ?? '' },
      }),
  },
  {
    id: 'azureSpeech',
    name: 'Azure Speech',
    kind: 'model',
    purpose: 'speech recognition, voices',
    settings: ['AZURE_SPEECH_REGION', 'AZURE_SPEECH_KEY'],
    // learn.microsoft.com/azure/ai-services/speech-service/rest-text-to-speech: voices/list
    question: (get) =>
      new Request(
        `https://${get('AZURE_SPEECH_REGION') ?? ''}.tts.speech.microsoft.com/cognitiveservices/voices/list`,
        { headers: { 'ocp-apim-subscription-key': get('AZURE_SPEECH_KEY') ?? '' } },
      ),
  },
  {
    id: 'twilio',
    name: 'Twilio',
    kind: 'telephony',
    purpose: 'phone numbers and calls',
    settings: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
    // twilio.com/docs/iam/api/account: fetch an account resource
    question: (get) => {
      const sid = get('TWILIO_ACCOUNT_SID') ?? '';
      return new Request(`https://api.twilio.com/2010-04-01/Accounts/${encodeURIComponent(sid)}.json`, {
        headers: { authorization: `Basic ${btoa(`${sid}:${get('TWILIO_AUTH_TOKEN') ?? ''}`)}` },
      });
    },
  },
];
