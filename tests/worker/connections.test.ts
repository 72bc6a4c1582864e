import { describe, expect, it } from 'vitest';
import type { Connection, ConnectionTest } from '../../protocol/api/connections.ts';
import { modelProviders } from '../../domain/profile/models.ts';
import { providers } from '../../worker/connections/provider.ts';
import { testProvider } from '../../worker/connections/test-provider.ts';
import { plan, receivedBy } from './receivers.ts';
import { ask, post, signIn } from './world.ts';

const MODELS = 'https://models.test/v1/models';
const test = async (id: string): Promise<ConnectionTest> =>
  (await post(`/api/connections/${id}/test`, {}, await signIn('admin'))).json<ConnectionTest>();

describe('connections', () => {
  it('are listed with the settings they need, and no value of any', async () => {
    const response = await ask('/api/connections', { headers: await signIn('admin') });
    const text = await response.text();
    const { connections } = JSON.parse(text) as { connections: Connection[] };
    expect(connections.find((each) => each.id === 'openai')).toMatchObject({ configured: true });
    expect(connections.find((each) => each.id === 'azureSpeech')).toMatchObject({
      configured: false,
      settings: [
        { name: 'AZURE_SPEECH_REGION', present: false },
        { name: 'AZURE_SPEECH_KEY', present: false },
      ],
    });
    expect(text).not.toMatch(/test-openai-key|test-livekit-secret|models\.test|livekit\.test/);
  });

  it('what is not configured says which setting is missing, and asks nobody', async () => {
    expect(await test('deepgram')).toMatchObject({
      ok: false,
      code: 'notConfigured',
      detail: 'Set DEEPGRAM_API_KEY.',
    });
  });

  it.each([
    [200, 'ok', true],
    [401, 'refused', false],
    [503, 'failed', false],
    [302, 'failed', false],
  ] as const)('a provider that answers %i is %s', async (status, code, ok) => {
    await plan(MODELS, {
      status,
      body: 'Bearer test-openai-key',
      headers: { location: 'https://elsewhere.test/' },
    });
    const result = await test('openai');
    expect(result).toMatchObject({ ok, code });
    expect(JSON.stringify(result)).not.toContain('test-openai-key');
    const asked = await receivedBy(MODELS);
    expect(asked.at(-1)).toMatchObject({
      method: 'GET',
      headers: { authorization: 'Bearer test-openai-key' },
    });
    expect(await receivedBy('https://elsewhere.test/')).toEqual([]);
  });

  it.each([
    ['openai', 'https://api.openai.com/v1/models', 'authorization', 'Bearer k-OPENAI_API_KEY'],
    ['groq', 'https://api.groq.com/openai/v1/models', 'authorization', 'Bearer k-GROQ_API_KEY'],
    ['deepgram', 'https://api.deepgram.com/v1/projects', 'authorization', 'Token k-DEEPGRAM_API_KEY'],
    ['cartesia', 'https://api.cartesia.ai/voices?limit=1', 'authorization', 'Bearer k-CARTESIA_API_KEY'],
    ['sarvam', 'https://api.sarvam.ai/text-to-speech', 'api-subscription-key', 'k-SARVAM_API_KEY'],
    ['elevenlabs', 'https://api.elevenlabs.io/v1/models', 'xi-api-key', 'k-ELEVENLABS_API_KEY'],
    [
      'azureOpenai',
      'https://ours.openai.azure.test/openai/models?api-version=2024-10-21',
      'api-key',
      'k-AZURE_OPENAI_API_KEY',
    ],
    [
      'azureSpeech',
      'https://westeurope.tts.speech.microsoft.com/cognitiveservices/voices/list',
      'ocp-apim-subscription-key',
      'k-AZURE_SPEECH_KEY',
    ],
  ])('%s is asked at its own address, with our key in its own way', async (id, url, header, key) => {
    const provider = providers.find((each) => each.id === id);
    if (provider === undefined) throw new Error('it is not in the table');
    const ours: Record<string, string> = {
      AZURE_OPENAI_ENDPOINT: 'https://ours.openai.azure.test',
      AZURE_SPEECH_REGION: 'westeurope',
    };
    const configured = (name: string): string | undefined =>
      ours[name] ?? (name.endsWith('_KEY') ? `k-${name}` : undefined);
    await plan(url, { status: 200 }, { status: 403 }, { status: 422 });
    expect(await testProvider(provider, configured)).toMatchObject({ ok: true });
    expect(await testProvider(provider, configured)).toMatchObject({ ok: false, code: 'refused' });
    // Sarvam has no question that costs nothing: it is asked one that cannot be answered.
    expect(await testProvider(provider, configured)).toMatchObject({ ok: id === 'sarvam' });
    expect((await receivedBy(url)).map(({ headers }) => headers[header])).toEqual([key, key, key]);
  });

  it('every service that a profile can name can be tested', () => {
    const asked = new Set<string>(providers.map(({ id }) => id));
    const ids = modelProviders.flatMap((each) =>
      each === 'lab' ? [] : each === 'azure' ? ['azureOpenai', 'azureSpeech'] : [each],
    );
    expect(ids.filter((each) => !asked.has(each))).toEqual([]);
  });

  it('database and storage answer; agent hosts that are not heard are said to be missing', async () => {
    expect(await test('database')).toMatchObject({ ok: true });
    expect(await test('archive')).toMatchObject({ ok: true });
    expect(await test('agents')).toMatchObject({ ok: false, detail: 'No agent host is heard.' });
  });

  it('an unknown connection is 404', async () => {
    const response = await post('/api/connections/teapot/test', {}, await signIn('admin'));
    expect(response.status).toBe(404);
  });
});
