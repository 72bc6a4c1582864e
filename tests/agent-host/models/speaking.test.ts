import { initializeLogger } from '@livekit/agents';
import { beforeAll, expect, test } from 'vitest';
import type { ModelReplaced } from '../../../domain/call/agent-facts.ts';
import { firstSoundMs, GIVE_UP_MS } from '../../../agent-host/src/models/fallback/patience.ts';
import { Roster } from '../../../agent-host/src/models/fallback/roster.ts';
import { Speaking, VOICE_RATE_HZ } from '../../../agent-host/src/models/fallback/speaking.ts';
import type { Voice } from '../../../agent-host/src/models/fallback/voice.ts';
import { fakeVoice, silentLog } from './fake-models.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const speakingOf = (...voices: Voice[]) => {
  const told: ModelReplaced[] = [];
  const metrics: { characters: number; by: string | undefined }[] = [];
  let outages = 0;
  const candidates = voices.map((model, index) => ({ name: 'abc'[index] ?? '?', model }));
  const speaking = new Speaking({
    roster: new Roster<Voice>('speaking', candidates, (replaced) => told.push(replaced)),
    onOutage: () => outages++,
    log: silentLog,
  });
  speaking.on('metrics_collected', ({ charactersCount, metadata }) =>
    metrics.push({ characters: charactersCount, by: metadata?.modelName }),
  );
  const say = async (sentence: string): Promise<number[]> => {
    const levels: number[] = [];
    for await (const { frame } of speaking.synthesize(sentence)) {
      expect(frame.sampleRate).toBe(VOICE_RATE_HZ);
      levels.push(frame.data[0] ?? 0);
    }
    return levels;
  };
  return { say, told, metrics, outages: () => outages };
};

test('MODEL-1 a sentence whose voice refuses is said by the next, and paid for once', async () => {
  const { say, told, metrics } = speakingOf(fakeVoice(1, 'fails'), fakeVoice(2, 'works'));
  expect(await say('Good day.')).toEqual([2, 2]);
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'speaking', from: 'a', to: 'b' }]);
  expect(metrics).toEqual([{ characters: 9, by: 'b' }]);
});

test('MODEL-1 a sentence that breaks off is said again from its beginning', async () => {
  const { say, told } = speakingOf(fakeVoice(1, 'breaksOff'), fakeVoice(2, 'works'));
  expect(await say('Good day.')).toEqual([1, 2, 2]);
  expect(told).toHaveLength(1);
});

test('MODEL-2 a voice that is silent is left in time', async () => {
  const { say } = speakingOf(fakeVoice(1, 'hangs'), fakeVoice(2, 'works'));
  const beganMs = Date.now();
  expect(await say('Good day.')).toEqual([2, 2]);
  expect(Date.now() - beganMs).toBeLessThan(firstSoundMs(9) + 500);
});

test('MODEL-2 with no voice left that is known within seconds, once, and nothing is thrown', async () => {
  const { say, told, outages } = speakingOf(fakeVoice(1, 'fails'));
  const beganMs = Date.now();
  expect(await say('Good day.')).toEqual([]);
  expect(Date.now() - beganMs).toBeLessThan(GIVE_UP_MS + 500);
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'speaking', from: 'a', to: null }]);
  expect(outages()).toBe(1);
}, 12_000);

test('MODEL-2 before a call’s first sound its last voice may take its time, afterwards not', async () => {
  const slowMs = GIVE_UP_MS + 500;
  const voice = fakeVoice(1, 'works');
  const { say, outages } = speakingOf({
    ...voice,
    async *speak(sentence, signal) {
      await new Promise((resolve) => setTimeout(resolve, slowMs));
      yield* voice.speak(sentence, signal);
    },
  });
  expect(await say('Good day.')).toEqual([1, 1]);
  expect(await say('How are you?')).toEqual([]);
  expect(outages()).toBe(1);
}, 25_000);

test('a sentence without a letter is nobody’s failure', async () => {
  const voice = fakeVoice(1, 'fails');
  const { say, outages } = speakingOf(voice);
  expect(await say('…')).toEqual([]);
  expect(voice.said).toEqual([]);
  expect(outages()).toBe(0);
});

test('a voice of another rate is brought to the room’s', async () => {
  const { say } = speakingOf(fakeVoice(1_000, 'works', 16_000));
  expect((await say('Good day.')).length).toBeGreaterThan(0);
});
