import { describe, expect, it } from 'vitest';
import type { Connection, ConnectionTest } from '../../protocol/api/connections.ts';
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
