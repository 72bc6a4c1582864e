import { initializeLogger } from '@livekit/agents';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ModelStage } from '../../domain/profile/models.ts';
import type { LastWords } from '../../agent-host/src/farewell.ts';
import { Outage } from '../../agent-host/src/outage.ts';
import { Roster } from '../../agent-host/src/models/fallback/roster.ts';
import { Speaking } from '../../agent-host/src/models/fallback/speaking.ts';
import type { Voice } from '../../agent-host/src/models/fallback/voice.ts';
import { fakeVoice, silentLog } from './models/fake-models.ts';

beforeAll(() => initializeLogger({ pretty: false, level: 'silent' }));

function outageOf(voice: Voice) {
  const said: LastWords[] = [];
  let ring: (stage: ModelStage) => void = () => undefined;
  const speaking = new Speaking({
    roster: new Roster<Voice>('speaking', [{ name: 'a', model: voice }], () => undefined),
    onOutage: () => undefined,
    log: silentLog,
  });
  const outage = new Outage({
    models: { speaking, onOutage: (listener) => (ring = listener) },
    line: 'We call you back.',
    farewell: {
      say: (words) => {
        said.push(words);
        return Promise.resolve();
      },
    },
    log: silentLog,
  });
  return { outage, said, ring: (stage: ModelStage) => ring(stage) };
}

test('MODEL-2 with the voices gone the line is said in sound that was made before', async () => {
  const { outage, said, ring } = outageOf(fakeVoice(7, 'works'));
  await outage.prepare();
  ring('speaking');
  await vi.waitFor(() => expect(said).toHaveLength(1));
  const [words] = said;
  expect(words).toMatchObject({ line: 'We call you back.', outcome: 'agentFailed', atOnce: true });
  const levels: number[] = [];
  for await (const frame of words?.sound as unknown as AsyncIterable<{ data: Int16Array }>)
    levels.push(frame.data[0] ?? 0);
  expect(levels).toEqual([7, 7]);
});

test('MODEL-2 with the voices there the line is spoken, in the language and voice of the call', async () => {
  const { outage, said, ring } = outageOf(fakeVoice(7, 'works'));
  await outage.prepare();
  ring('thinking');
  await vi.waitFor(() => expect(said).toHaveLength(1));
  expect(said[0]?.sound).toBeUndefined();
});
