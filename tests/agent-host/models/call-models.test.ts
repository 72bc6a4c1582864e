import { initializeLogger } from '@livekit/agents';
import { beforeAll, expect, test } from 'vitest';
import { profileDefaults } from '../../../domain/profile/defaults.ts';
import type { LogFields } from '../../../agent-host/src/log.ts';
import { modelAccess } from '../../../agent-host/src/models/access.ts';
import { callModels } from '../../../agent-host/src/models/call-models.ts';
import { modelsFor } from '../../../agent-host/src/models/catalog.ts';
import { choice, making } from '../providers/asking.ts';
import { WholeStretchVad } from '../providers/whole-stretch-vad.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const logged: { message: string; fields: LogFields | undefined }[] = [];
const log = {
  info: () => undefined,
  warn: (message: string, fields?: LogFields) => void logged.push({ message, fields }),
};

test('MODEL-5 what the host has no key for is left out, and the log names the service alone', async () => {
  logged.length = 0;
  const settings = {
    LAB_URL: 'http://127.0.0.1:1/v1',
    GROQ_API_KEY: 'gsk-secret',
    AZURE_OPENAI_API_KEY: 'no address',
  };
  const wanted = [
    choice('openai', 'gpt-x'),
    choice('azure', 'ours'),
    choice('groq'),
    choice('lab'),
    choice('groq'),
  ];
  const models = await modelsFor('thinking', wanted, making(settings), log);
  expect(models.map(({ name }) => name)).toEqual(['groq', 'lab']);
  const without = (provider: string) => ({ stage: 'thinking', provider, why: 'no key or address' });
  const told = logged.map(({ fields }) => fields);
  expect(told).toHaveLength(2);
  expect(told).toEqual(expect.arrayContaining([without('openai'), without('azure')]));
  expect(JSON.stringify(logged)).not.toContain('secret');
});

test('MODEL-5 a service that does not do this stage is left out', async () => {
  const models = await modelsFor('thinking', [choice('deepgram')], making({ DEEPGRAM_API_KEY: 'x' }), log);
  expect(models).toEqual([]);
});

test('the lab can stand in for itself at a second address', async () => {
  const both = { LAB_URL: 'http://127.0.0.1:1/v1', LAB_URL_2: 'http://127.0.0.1:2/v1' };
  const wanted = [choice('lab', 'lab-llm'), choice('lab', 'lab-llm@2')];
  expect((await modelsFor('thinking', wanted, making(both), log)).map(({ name }) => name)).toEqual([
    'lab/lab-llm',
    'lab/lab-llm@2',
  ]);
  const { LAB_URL } = both;
  expect(await modelsFor('thinking', wanted, making({ LAB_URL }), log)).toHaveLength(1);
});

test('MODEL-1 a profile without models, or with none that can be had, has the host’s own', async () => {
  const own = {
    provider: 'lab',
    baseUrl: null,
    apiKey: 'lab',
    sttModel: 'lab-stt',
    llmModel: 'lab-llm',
    ttsModel: 'lab-tts',
    ttsVoice: 'alloy',
  } as const;
  for (const thinking of [[], [choice('openai')]]) {
    const models = await callModels({
      profile: { ...profileDefaults, thinking },
      language: 'en-US',
      config: { speech: own, models: modelAccess({ LAB_URL: 'http://127.0.0.1:1/v1' }) },
      vad: new WholeStretchVad(20),
      log,
      onReplaced: () => undefined,
    });
    expect([models.hearing.model, models.thinking.model, models.speaking.model]).toEqual([
      'lab/lab-stt',
      'lab/lab-llm',
      'lab/lab-tts',
    ]);
  }
});
