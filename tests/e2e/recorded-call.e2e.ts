import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MPEGDecoder } from 'mpg123-decoder';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallState } from '../../domain/call/state.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import type { Stack } from '../../scripts/stack/stack.ts';
import { startStack } from '../../scripts/stack/stack.ts';
import { startLabCall } from './lab-call.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    name: 'e2e-recorded-call',
    keepState: false,
    web: 'none',
    labCalls: 0,
    seats: 1,
    minify: true,
    progress: (line) => console.log(line),
  });
});

afterAll(() => stack?.stop());

/** As the archive has it, once it has what it is asked for. */
async function archived(callId: string, isThere: (call: CallState) => boolean): Promise<CallState> {
  let call: CallState | null = null;
  await vi.waitFor(
    async () => {
      const text = await (await stack.worker.archive.get(`calls/${callId}/ledger.ndjson`))?.text();
      const lines = (text ?? '').split('\n').filter(Boolean);
      call = foldCall(lines.map((line) => CallEventSchema.parse(JSON.parse(line))));
      expect(call !== null && isThere(call)).toBe(true);
    },
    { timeout: 90_000, interval: 500 },
  );
  return call!;
}

const STEP_MS = 20;

/** Loudness in steps of 20 ms. */
function loudness(sound: Float32Array, rate: number): number[] {
  const length = (rate * STEP_MS) / 1_000;
  return Array.from({ length: Math.floor(sound.length / length) }, (_, step) => {
    let squares = 0;
    for (let i = step * length; i < (step + 1) * length; i++) squares += (sound[i] ?? 0) ** 2;
    return Math.sqrt(squares / length);
  });
}

/** Where sound begins that is nearest to `atMs` and has 300 ms of silence before it; null when there is none within 1.5 s. */
function nearestOnset(levels: readonly number[], atMs: number): number | null {
  const loud = (step: number): boolean => (levels[step] ?? 0) > 0.01;
  const onsets: number[] = [];
  for (let step = 15; step < levels.length; step++)
    if (loud(step) && !Array.from({ length: 15 }, (_, i) => loud(step - 1 - i)).some(Boolean))
      onsets.push(step * STEP_MS);
  const near = onsets.filter((each) => Math.abs(each - atMs) < 1_500);
  return near.sort((a, b) => Math.abs(a - atMs) - Math.abs(b - atMs))[0] ?? null;
}

test('REC-3 a real call is recorded by its host, and its words stand where its sound is', async () => {
  const { callId, report } = await startLabCall(stack, 'polite-buyer', 7);
  await report;
  const call = await archived(callId, (each) => each.recordings?.[0]?.phase === 'stored');
  expect(call.request.recording).toBe('on');
  const [recording] = call.recordings!;
  const object = await stack.worker.archive.get(`recordings/${callId}/${recording!.recordingId}.mp3`);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, sampleRate, errors } = decoder.decode(new Uint8Array(await object!.arrayBuffer()));
  expect(errors).toEqual([]);
  const sides = {
    customer: loudness(channelData[0]!, sampleRate),
    agent: loudness(channelData[1]!, sampleRate),
  };
  const distances = call.transcript.flatMap(({ speaker, startedAtMs }) => {
    if (speaker === 'operator') return [];
    const atMs = startedAtMs - recording!.startedAtMs;
    const onset = nearestOnset(sides[speaker], atMs);
    return onset === null ? [] : [{ speaker, ms: onset - atMs }];
  });
  console.log(`words and sound: ${distances.map(({ speaker, ms }) => `${speaker} ${ms}`).join(', ')} ms`);
  // A stretch that follows another without a pause has no beginning to compare.
  expect(distances.length).toBeGreaterThan(call.transcript.length / 2);
  for (const { ms } of distances) expect(Math.abs(ms)).toBeLessThan(300);
  const spool = join(dirname(stack.logDir), 'spool', 'local');
  await vi.waitFor(() => expect(readdirSync(spool)).toEqual([]), { timeout: 20_000 });
});
