import { initializeLogger } from '@livekit/agents';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { answer, choice, hear, making, speak } from './asking.ts';
import { startOpenAi } from './openai-stand-in.ts';
import type { Service } from './service.ts';

let service: Service;
beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
beforeEach(async () => {
  service = await startOpenAi();
});
afterEach(() => service.close());

const openai = () => making({ OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: `${service.url}/v1` });
const groq = () => making({ GROQ_API_KEY: 'gsk-test', GROQ_BASE_URL: `${service.url}/openai/v1` });
const azure = () => making({ AZURE_OPENAI_API_KEY: 'az-test', AZURE_OPENAI_ENDPOINT: service.url });

test('OpenAI hears, thinks and speaks', async () => {
  expect(await hear(choice('openai'), openai())).toBe('I want a car.');
  expect(await answer(choice('openai', 'gpt-x'), openai())).toEqual({ text: 'We sell cars.', tokens: 13 });
  expect(await speak(choice('openai', 'tts-x', 'nova'), openai())).toBe(200);
  const [listened, thought, spoke] = service.asked;
  expect(listened?.url.pathname).toBe('/v1/realtime');
  expect(listened?.headers.authorization).toBe('Bearer sk-test');
  expect(JSON.parse(thought?.body.toString() ?? '{}')).toMatchObject({ model: 'gpt-x', stream: true });
  expect(JSON.parse(spoke?.body.toString() ?? '{}')).toEqual({
    input: 'Good day to you.',
    model: 'tts-x',
    voice: 'nova',
    response_format: 'pcm',
  });
});

test('a speaking rate goes to OpenAI’s voice, and the usual one is not sent', async () => {
  await speak(choice('openai'), { ...openai(), speakingRate: 1.25 });
  expect(JSON.parse(service.asked[0]?.body.toString() ?? '{}')).toMatchObject({ speed: 1.25 });
});

test('Groq hears files, thinks and speaks, at its own address with its own key', async () => {
  expect(await hear(choice('groq'), groq())).toBe('I want a car.');
  expect((await answer(choice('groq'), groq())).text).toBe('We sell cars.');
  expect(await speak(choice('groq'), groq())).toBe(200);
  expect(service.asked.map(({ url }) => url.pathname)).toEqual([
    '/openai/v1/audio/transcriptions',
    '/openai/v1/chat/completions',
    '/openai/v1/audio/speech',
  ]);
  expect(new Set(service.asked.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer gsk-test']),
  );
});

test('Azure OpenAI thinks: the model is the deployment, in the address', async () => {
  expect((await answer(choice('azure', 'our-gpt'), azure())).text).toBe('We sell cars.');
  const [asked] = service.asked;
  expect(asked?.url.pathname).toBe('/openai/deployments/our-gpt/chat/completions');
  expect(asked?.url.searchParams.get('api-version')).toBe('2024-10-21');
  expect(asked?.headers['api-key']).toBe('az-test');
});
