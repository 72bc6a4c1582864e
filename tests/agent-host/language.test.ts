import { initializeLogger, voice } from '@livekit/agents';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { languageAmong, switchLanguageTool } from '../../agent-host/src/language.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));
let session: voice.AgentSession | undefined;
afterEach(() => session?.close());

const languages = ['en-US', 'es-MX', 'de-DE'];

test('TURN-4 only the profile’s languages can be spoken, however they are written', () => {
  expect(languageAmong(languages, 'es-MX')).toBe('es-MX');
  expect(languageAmong(languages, ' ES ')).toBe('es-MX');
  expect(languageAmong(languages, 'de-AT')).toBe('de-DE');
  expect(languageAmong(languages, 'fr')).toBeNull();
});

test('TURN-4 without another language there is no such tool', () => {
  const options = { current: 'en-US', switchTo: () => Promise.resolve() };
  expect(switchLanguageTool({ languages: ['en-US'], ...options })).toBeNull();
});

test('TURN-4 the model switches ears and voice, and is told to speak it', async () => {
  const switched: string[] = [];
  const tool = switchLanguageTool({
    languages,
    current: 'en-US',
    switchTo: (language) => {
      switched.push(language);
      return Promise.resolve();
    },
  });
  if (tool === null) throw new Error('there are other languages');
  const llm = new voice.testing.FakeLLM([
    { input: '¿Habla español?', toolCalls: [{ name: 'switch_language', args: { language: 'es' } }] },
    { input: 'En français?', toolCalls: [{ name: 'switch_language', args: { language: 'fr' } }] },
  ]);
  session = new voice.AgentSession({ llm, vad: null });
  await session.start({
    agent: new voice.Agent({ instructions: 'x', tools: { switch_language: tool } }),
    record: false,
  });
  const spanish = await session.run({ userInput: '¿Habla español?' }).wait();
  spanish.expect.containsFunctionCall({ name: 'switch_language' });
  const [output] = spanish.events.filter((event) => event.type === 'function_call_output');
  expect(output?.item.output).toContain('From now on speak es-MX only');
  const french = await session.run({ userInput: 'En français?' }).wait();
  const [refused] = french.events.filter((event) => event.type === 'function_call_output');
  expect(refused?.item.output).toContain('That language cannot be spoken');
  expect(switched).toEqual(['es-MX']);
});
