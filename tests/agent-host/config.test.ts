import { expect, test } from 'vitest';
import { readConfig } from '../../agent-host/src/config.ts';

const complete = {
  LIVEKIT_URL: 'ws://127.0.0.1:7880',
  LIVEKIT_API_KEY: 'devkey',
  LIVEKIT_API_SECRET: 'livekit-secret',
  WORKER_URL: 'https://earshot.example/',
  AGENT_HOST_KEY: 'host-secret',
};
const configOf = (environment: Record<string, string>) => {
  const decoded = readConfig(environment);
  if (!decoded.ok) throw new Error(decoded.problems.join('\n'));
  return decoded.config;
};

test('every setting that is wrong or missing is named at once, and no value is', () => {
  const decoded = readConfig({
    LIVEKIT_URL: 'http://127.0.0.1',
    LIVEKIT_API_SECRET: 'livekit-secret',
    SEATS: 'many',
    HEALTH_PORT: '99999',
    SPEECH_PROVIDER: 'espeak',
    HOST_NAME: 'two words',
  });
  expect(decoded).toEqual({
    ok: false,
    problems: [
      'LIVEKIT_URL must be a URL that starts with ws:// or wss://',
      'LIVEKIT_API_KEY is missing',
      'WORKER_URL is missing',
      'AGENT_HOST_KEY is missing',
      'SEATS must be a whole number from 1 to 1000',
      "SPEECH_PROVIDER must be 'lab' or 'openai'",
      'HOST_NAME must be 1–80 letters, digits, dots, hyphens or underscores',
      'HEALTH_PORT must be at most 65535',
    ],
  });
  expect(JSON.stringify(decoded)).not.toContain('livekit-secret');
});

test('without a key the speech is the lab’s, with one it is OpenAI’s', () => {
  expect(configOf(complete).speech).toMatchObject({
    provider: 'lab',
    baseUrl: 'http://127.0.0.1:8790/v1',
    apiKey: 'lab',
  });
  expect(configOf({ ...complete, OPENAI_API_KEY: 'sk' }).speech).toMatchObject({
    provider: 'openai',
    baseUrl: null,
  });
  expect(configOf({ ...complete, OPENAI_API_KEY: 'sk', SPEECH_PROVIDER: 'lab' }).speech.provider).toBe('lab');
});

test('OpenAI without its key is refused', () => {
  expect(readConfig({ ...complete, SPEECH_PROVIDER: 'openai' })).toEqual({
    ok: false,
    problems: ["OPENAI_API_KEY is missing, and SPEECH_PROVIDER is 'openai'"],
  });
});

test('an empty setting is a missing one, and a slash at the end of the Worker’s address is none', () => {
  expect(readConfig({ ...complete, LIVEKIT_API_KEY: ' ' })).toEqual({
    ok: false,
    problems: ['LIVEKIT_API_KEY is missing'],
  });
  const config = configOf({ ...complete, SEATS: '', HOST_NAME: '', STT_MODEL: '' });
  expect(config).toMatchObject({ seats: 4, workerUrl: 'https://earshot.example', healthPort: 8081 });
  expect(config.hostName).toMatch(/^[\w.-]+$/);
  expect(config.speech.sttModel).toBe('lab-stt');
});
