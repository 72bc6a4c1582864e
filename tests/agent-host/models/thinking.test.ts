import { initializeLogger, llm } from '@livekit/agents';
import { beforeAll, expect, test } from 'vitest';
import type { ModelReplaced } from '../../../domain/call/agent-facts.ts';
import { FIRST_TOKEN_MS, GIVE_UP_MS } from '../../../agent-host/src/models/fallback/patience.ts';
import { Roster } from '../../../agent-host/src/models/fallback/roster.ts';
import { Thinking } from '../../../agent-host/src/models/fallback/thinking.ts';
import { FakeLlm, silentLog } from './fake-models.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const thinkingOf = (...models: FakeLlm[]) => {
  const told: ModelReplaced[] = [];
  const outages: number[] = [];
  const usage: { tokens: number; by: string | undefined }[] = [];
  const candidates = models.map((model, index) => ({ name: 'abc'[index] ?? '?', model }));
  const thinking = new Thinking({
    roster: new Roster<llm.LLM>('thinking', candidates, (replaced) => told.push(replaced)),
    onOutage: () => outages.push(Date.now()),
    log: silentLog,
  });
  // The session listens to these, and an error would count towards its end.
  const errors: unknown[] = [];
  thinking.on('error', (error) => errors.push(error));
  thinking.on('metrics_collected', ({ promptTokens, metadata }) =>
    usage.push({ tokens: promptTokens, by: metadata?.modelName }),
  );
  const ask = () => thinking.chat({ chatCtx: llm.ChatContext.empty() }).collect();
  return { thinking, ask, told, outages, errors, usage };
};

test('MODEL-1 a model that refuses is replaced within the same answer, and its error ends no session', async () => {
  const { ask, told, errors, usage } = thinkingOf(new FakeLlm('one', 'fails'), new FakeLlm('two'));
  expect((await ask()).text).toBe('two');
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'thinking', from: 'a', to: 'b' }]);
  expect(errors).toEqual([]);
  // Once: the framework's adapter counts each twice.
  expect(usage).toEqual([{ tokens: 7, by: 'b' }]);
});

test('MODEL-2 a model that hangs is left after its patience, and not asked first the next time', async () => {
  const first = new FakeLlm('one', 'hangs');
  const { ask } = thinkingOf(first, new FakeLlm('two'));
  const beganMs = Date.now();
  expect((await ask()).text).toBe('two');
  expect(Date.now() - beganMs).toBeLessThan(FIRST_TOKEN_MS + 500);
  const againMs = Date.now();
  expect((await ask()).text).toBe('two');
  expect(Date.now() - againMs).toBeLessThan(300);
  expect(first.asked).toHaveLength(1);
});

test('MODEL-1 an answer that breaks off is carried on by the next, which is told what was said', async () => {
  const second = new FakeLlm('and the rest.');
  const { ask, told } = thinkingOf(new FakeLlm('Half a sentence', 'breaksOff'), second);
  expect((await ask()).text).toBe('Half a and the rest.');
  const [said, asks] = second.asked[0]?.items.slice(-2) ?? [];
  expect(said).toMatchObject({ role: 'assistant', content: ['Half a '] });
  expect(asks).toMatchObject({ role: 'system' });
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'thinking', from: 'a', to: 'b' }]);
});

test('MODEL-2 with none left that is known within seconds, once, and the answer just ends', async () => {
  const { ask, told, outages, errors } = thinkingOf(new FakeLlm('one', 'fails'), new FakeLlm('two', 'hangs'));
  const beganMs = Date.now();
  expect((await ask()).text).toBe('');
  expect(Date.now() - beganMs).toBeLessThan(GIVE_UP_MS + 500);
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'thinking', from: 'a', to: null }]);
  expect(outages).toHaveLength(1);
  expect(errors).toEqual([]);
}, 12_000);

test('an answer nobody wants any more is no failure', async () => {
  const first = new FakeLlm('one', 'hangs');
  const { thinking, told } = thinkingOf(first, new FakeLlm('two'));
  const stream = thinking.chat({ chatCtx: llm.ChatContext.empty() });
  const next = stream.next();
  stream.close();
  expect((await next).done).toBe(true);
  first.behaviour = 'works';
  const again = thinking.chat({ chatCtx: llm.ChatContext.empty() });
  expect((await again.collect()).text).toBe('one');
  expect(told).toEqual([]);
});
