import { initializeLogger } from '@livekit/agents';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { choice, hear, making, speak } from './asking.ts';
import type { AzureSpeech } from './azure-speech-stand-in.ts';
import { startAzureSpeech } from './azure-speech-stand-in.ts';

let service: AzureSpeech;
beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
beforeEach(async () => {
  service = await startAzureSpeech();
});
afterEach(() => service.close());

const azure = (more = {}) =>
  making({ AZURE_SPEECH_KEY: 'as-test', AZURE_SPEECH_ENDPOINT: service.url }, { language: 'de-DE', ...more });

test('Azure Speech hears through Microsoft’s own library', async () => {
  expect(await hear(choice('azure'), azure())).toBe('I want a car.');
  const [asked] = service.asked;
  expect(asked?.url.pathname).toContain('/speech/');
  expect(asked?.url.searchParams.get('language')).toBe('de-DE');
  expect(asked?.url.searchParams.get('Ocp-Apim-Subscription-Key')).toBe('as-test');
});

test('Azure Speech speaks through Microsoft’s own library, at the profile’s rate, and what is said is no markup', async () => {
  const said = 'Tom & <break/> "Jerry"';
  expect(await speak(choice('azure', null, 'de-DE-KatjaNeural'), azure({ speakingRate: 1.2 }), said)).toBe(
    200,
  );
  expect(service.ssml[0]).toContain('<voice name="de-DE-KatjaNeural">');
  expect(service.ssml[0]).toContain(
    '<prosody rate="1.2">Tom &amp; &lt;break/&gt; &quot;Jerry&quot;</prosody>',
  );
});

test('an Azure Speech that cannot be reached fails at once', async () => {
  await service.close();
  await expect(speak(choice('azure'), azure())).rejects.toThrow();
});
