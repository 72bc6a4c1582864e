import { initializeLogger } from '@livekit/agents';
import { beforeAll, expect, test } from 'vitest';
import { startCartesia, startDeepgram, startElevenLabs, startSarvam } from './speech-stand-ins.ts';
import { choice, hear, making, speak } from './asking.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

test('Deepgram hears and speaks', async () => {
  const service = await startDeepgram();
  const made = making({ DEEPGRAM_API_KEY: 'dg-test', DEEPGRAM_BASE_URL: service.url });
  expect(await hear(choice('deepgram'), made)).toBe('I want a car.');
  expect(await speak(choice('deepgram', null, 'aura-2-thalia-en'), made)).toBe(200);
  const [listened, spoke] = service.asked;
  expect(listened?.url.pathname).toBe('/v1/listen');
  expect(listened?.url.searchParams.get('model')).toBe('nova-3');
  expect(listened?.url.searchParams.get('language')).toBe('en-US');
  expect(spoke?.url.searchParams.get('model')).toBe('aura-2-thalia-en');
  expect(spoke?.headers.authorization).toBe('Token dg-test');
  await service.close();
});

test('Cartesia hears and speaks, faster where the profile says so', async () => {
  const service = await startCartesia();
  const made = making(
    { CARTESIA_API_KEY: 'ca-test', CARTESIA_BASE_URL: service.url },
    { speakingRate: 1.5, language: 'en-GB' },
  );
  expect(await hear(choice('cartesia'), made)).toBe('I want a car.');
  expect(await speak(choice('cartesia', 'sonic-3', 'voice-1'), made)).toBe(200);
  expect(service.said[0]).toMatchObject({ model_id: 'sonic-3', language: 'en' });
  expect(JSON.stringify(service.said[0])).toContain('voice-1');
  expect(JSON.stringify(service.said[0])).toContain('1.5');
  await service.close();
});

test('Sarvam hears whole stretches and speaks', async () => {
  const service = await startSarvam();
  const made = making(
    { SARVAM_API_KEY: 'sv-test', SARVAM_BASE_URL: service.url },
    { language: 'hi-IN', speakingRate: 0.9 },
  );
  expect(await hear(choice('sarvam'), made)).toBe('I want a car.');
  expect(await speak(choice('sarvam', null, 'anushka'), made)).toBe(200);
  const [listened, spoke] = service.asked;
  expect(listened?.url.pathname).toBe('/speech-to-text');
  expect(listened?.headers['api-subscription-key']).toBe('sv-test');
  expect(listened?.body.includes('hi-IN')).toBe(true);
  expect(spoke?.url.pathname).toBe('/text-to-speech/ws');
  expect(service.said[0]).toMatchObject({
    data: { speaker: 'anushka', target_language_code: 'hi-IN', pace: 0.9 },
  });
  await service.close();
});

test('ElevenLabs hears and speaks', async () => {
  const service = await startElevenLabs();
  const made = making({ ELEVENLABS_API_KEY: 'el-test', ELEVENLABS_BASE_URL: `${service.url}/v1` });
  expect(await hear(choice('elevenlabs'), made)).toBe('I want a car.');
  expect(await speak(choice('elevenlabs', null, 'voice-1'), made)).toBe(200);
  const [listened, spoke] = service.asked;
  expect(listened?.url.pathname).toBe('/v1/speech-to-text/realtime');
  expect(listened?.url.searchParams.get('commit_strategy')).toBe('vad');
  expect(listened?.headers['xi-api-key']).toBe('el-test');
  expect(spoke?.url.pathname).toBe('/v1/text-to-speech/voice-1/multi-stream-input');
  await service.close();
});
