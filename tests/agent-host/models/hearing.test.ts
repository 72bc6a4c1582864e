import { initializeLogger, stt } from '@livekit/agents';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ModelReplaced } from '../../../domain/call/agent-facts.ts';
import { Hearing } from '../../../agent-host/src/models/fallback/hearing.ts';
import { TRANSCRIPT_MS } from '../../../agent-host/src/models/fallback/patience.ts';
import { Roster } from '../../../agent-host/src/models/fallback/roster.ts';
import { FakeEars, quietFrame, silentLog } from './fake-models.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

const hearingOf = (...ears: FakeEars[]) => {
  const told: ModelReplaced[] = [];
  let outages = 0;
  const candidates = ears.map((model, index) => ({ name: 'abc'[index] ?? '?', model }));
  const hearing = new Hearing({
    roster: new Roster<stt.STT>('hearing', candidates, (replaced) => told.push(replaced)),
    onOutage: () => outages++,
    log: silentLog,
  });
  const stream = hearing.stream();
  const heard: string[] = [];
  void (async () => {
    for await (const event of stream)
      if (event.type === stt.SpeechEventType.FINAL_TRANSCRIPT) heard.push(event.alternatives?.[0].text ?? '');
  })();
  const speak = (frames: number): void => {
    for (let each = 0; each < frames; each++) stream.pushFrame(quietFrame());
  };
  const stretch = (frames: number, lastedMs = 1_000): void => {
    hearing.stretchBegan();
    speak(frames);
    hearing.stretchOver(lastedMs);
  };
  return { hearing, stream, heard, told, speak, stretch, outages: () => outages };
};
const soon = { timeout: 4_000, interval: 10 };

test('MODEL-1 what a recogniser was just hearing as it broke off, the next one hears again', async () => {
  const second = new FakeEars('two');
  const { heard, told, speak, stream } = hearingOf(new FakeEars('one', 'breaksOff'), second);
  speak(3);
  await vi.waitFor(() => expect(heard).toEqual(['two']), soon);
  expect(second.frames).toBe(3);
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'hearing', from: 'a', to: 'b' }]);
  stream.close();
});

test('MODEL-2 one that breaks off after a minute of listening to nobody is replaced: no outage', async () => {
  const nowMs = Date.now();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(nowMs);
  const { heard, speak, stream, outages, told } = hearingOf(
    new FakeEars('one', 'breaksOff'),
    new FakeEars('two'),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  clock.mockReturnValue(nowMs + 60_000);
  speak(3);
  await vi.waitFor(() => expect(heard).toEqual(['two']), soon);
  clock.mockRestore();
  expect(outages()).toBe(0);
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'hearing', from: 'a', to: 'b' }]);
  stream.close();
});

test('MODEL-4 a recogniser that is connected and says nothing to a stretch of speech is replaced, with the stretch', async () => {
  const { heard, told, stretch, stream } = hearingOf(new FakeEars('one', 'hangs'), new FakeEars('two'));
  const beganMs = Date.now();
  stretch(3);
  await vi.waitFor(() => expect(heard).toEqual(['two']), soon);
  expect(Date.now() - beganMs).toBeLessThan(TRANSCRIPT_MS + 500);
  expect(told).toHaveLength(1);
  stream.close();
});

test('MODEL-4 a cough is owed no words', async () => {
  const first = new FakeEars('one', 'hangs');
  const { stretch, stream, told } = hearingOf(first, new FakeEars('two'));
  stretch(3, 400);
  await new Promise((resolve) => setTimeout(resolve, TRANSCRIPT_MS + 200));
  expect([first.opened, told]).toEqual([1, []]);
  stream.close();
});

test('MODEL-4 one stretch that none has a word for is no outage, a second one is', async () => {
  const { stretch, stream, outages, told } = hearingOf(
    new FakeEars('one', 'hangs'),
    new FakeEars('two', 'hangs'),
  );
  stretch(3);
  await new Promise((resolve) => setTimeout(resolve, 2 * TRANSCRIPT_MS + 300));
  expect(outages()).toBe(0);
  stretch(3);
  await vi.waitFor(() => expect(outages()).toBe(1), { timeout: 2 * TRANSCRIPT_MS + 500, interval: 20 });
  expect(told).toEqual([{ type: 'modelReplaced', stage: 'hearing', from: 'a', to: null }]);
  stream.close();
}, 20_000);

test('MODEL-2 recognisers that all refuse are an outage within seconds', async () => {
  const { outages, stream } = hearingOf(new FakeEars('one', 'fails'), new FakeEars('two', 'fails'));
  await vi.waitFor(() => expect(outages()).toBe(1), { timeout: 11_000, interval: 50 });
  stream.close();
}, 12_000);

test('TURN-4 in another language the same call is heard by other ears, and nothing of a failure is told', async () => {
  const { hearing, heard, told, speak, stream } = hearingOf(new FakeEars('one'));
  speak(3);
  await vi.waitFor(() => expect(heard).toEqual(['one']), soon);
  hearing.replace([{ name: 'a', model: new FakeEars('uno') }]);
  speak(3);
  await vi.waitFor(() => expect(heard).toEqual(['one', 'uno']), soon);
  expect(told).toEqual([]);
  stream.close();
});
