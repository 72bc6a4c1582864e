import { mkdtempSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MPEGDecoder } from 'mpg123-decoder';
import { describe, expect, test } from 'vitest';
import { Lane, RATE_HZ, samplesOf } from '../../agent-host/src/recorder/lane.ts';
import { Mixer } from '../../agent-host/src/recorder/mixer.ts';
import {
  DECODER_DELAY_MS,
  FRAME_BYTES,
  FRAME_MS,
  SoundFile,
} from '../../agent-host/src/recorder/sound-file.ts';
import { Spool } from '../../agent-host/src/recorder/spool.ts';

const FRAME = samplesOf(40);

function tone(pitchHz: number, level: number, from: number, length = FRAME): Int16Array {
  return Int16Array.from({ length }, (_, i) =>
    Math.round(level * 32_767 * Math.sin((2 * Math.PI * pitchHz * (from + i)) / RATE_HZ)),
  );
}

/** How much of a pitch is in it, as an amplitude. */
function amount(sound: Float32Array, pitchHz: number, from: number, to: number): number {
  let [re, im] = [0, 0];
  for (let i = from; i < to; i++) {
    const angle = (2 * Math.PI * pitchHz * i) / RATE_HZ;
    re += (sound[i] ?? 0) * Math.cos(angle);
    im += (sound[i] ?? 0) * Math.sin(angle);
  }
  return (Math.hypot(re, im) * 2) / (to - from);
}
const decibels = (ratio: number): number => 20 * Math.log10(Math.max(ratio, 1e-12));

async function decode(file: string): Promise<{ left: Float32Array; right: Float32Array }> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, sampleRate, errors } = decoder.decode(readFileSync(file));
  decoder.free();
  expect({ sampleRate, errors }).toEqual({ sampleRate: RATE_HZ, errors: [] });
  return { left: channelData[0]!, right: channelData[1]! };
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'earshot-spool-'));
const ids = { callId: 'c1', recordingId: 'r1' };

/** Ten seconds: silence, then from the third second a tone on each side. */
async function record(dir: string): Promise<{ spool: Spool; durationMs: number }> {
  const spool = new Spool(dir);
  await spool.write({ ...ids, hostId: 'host-1', startedAtMs: 1_000, durationMs: null });
  const file = await SoundFile.create(spool.paths(ids));
  const mixer = new Mixer();
  for (let at = 0; at < RATE_HZ * 10; at += FRAME) {
    if (at >= RATE_HZ * 2) {
      mixer.add('left', at, tone(440, 0.4, at));
      mixer.add('right', at, tone(1_000, 0.4, at));
    }
    file.write(mixer.take(at + FRAME));
  }
  return { spool, durationMs: file.close() };
}

describe('REC-7 the file', () => {
  test('has the customer left and everybody else right, 40 dB apart and more, at their times', async () => {
    const { spool, durationMs } = await record(folder());
    const { left, right } = await decode(spool.paths(ids).sound);
    const [from, to] = [RATE_HZ * 3, RATE_HZ * 9];
    expect(decibels(amount(right, 440, from, to) / amount(left, 440, from, to))).toBeLessThan(-40);
    expect(decibels(amount(left, 1_000, from, to) / amount(right, 1_000, from, to))).toBeLessThan(-40);
    expect(amount(left, 440, from, to)).toBeGreaterThan(0.3);
    // The decoder's own delay is what the beginning is corrected by.
    const onset = left.findIndex((sample) => Math.abs(sample) > 0.1);
    expect(Math.abs((onset / RATE_HZ) * 1_000 - 2_000 - DECODER_DELAY_MS)).toBeLessThan(5);
    expect(Math.abs(durationMs - (left.length / RATE_HZ) * 1_000)).toBeLessThanOrEqual(FRAME_MS);
    const peaks = JSON.parse(await spool.peaksOf({ ...ids, hostId: '', startedAtMs: 0, durationMs })) as {
      customer: number[];
      agents: number[];
    };
    expect(peaks.customer).toHaveLength(100);
    expect(peaks.customer[10]).toBe(0);
    expect(peaks.customer[50]).toBeGreaterThan(95);
    expect(peaks.agents[50]).toBeLessThan(110);
  });

  test('cut off anywhere, it is whole up to its last frame and is found as waiting', async () => {
    const dir = folder();
    const { spool } = await record(dir);
    const { sound } = spool.paths(ids);
    truncateSync(sound, 33_333);
    expect(await spool.waiting(new Set(['r1']))).toEqual([]);
    // Still warm: somebody may be writing it.
    expect(await spool.waiting(new Set())).toEqual([]);
    const note = await spool.finish((await spool.read(ids))!);
    const frames = Math.floor(33_333 / FRAME_BYTES);
    expect(note?.durationMs).toBe(frames * FRAME_MS);
    expect(statSync(sound).size).toBe(frames * FRAME_BYTES);
    expect(await new Spool(dir).waiting(new Set())).toEqual([note]);
    const { left } = await decode(sound);
    expect(left.length).toBeGreaterThan((frames - 2) * 576);
    await spool.remove(ids);
    expect(await spool.waiting(new Set())).toEqual([]);
  });

  test('without a whole frame there is nothing to keep', async () => {
    const spool = new Spool(folder());
    const note = { ...ids, hostId: 'host-1', startedAtMs: 1, durationMs: null };
    await spool.write(note);
    expect(await spool.finish(note)).toBeNull();
    expect(await spool.read(ids)).toBeNull();
  });
});

describe('REC-7 the mix', () => {
  test('several who shout at once stay below full scale, and a single one is unchanged', () => {
    const mixer = new Mixer();
    for (let i = 0; i < 4; i++) mixer.add('right', 0, tone(500, 0.9, 0, 4_800));
    mixer.add('left', 0, tone(500, 0.5, 0, 4_800));
    const { left, right } = mixer.take(4_800);
    expect(Math.max(...right)).toBeLessThanOrEqual(1);
    expect(Math.max(...right)).toBeGreaterThan(0.95);
    expect(Math.abs(amount(left, 500, 0, 4_800) - 0.5)).toBeLessThan(0.001);
  });

  test('what was taken cannot be changed, and what was not placed is silence', () => {
    const mixer = new Mixer();
    mixer.take(1_000);
    mixer.add(
      'left',
      900,
      Int16Array.from({ length: 200 }, () => 16_384),
    );
    const { left, right } = mixer.take(1_200);
    expect([left[0], left[99], left[100], right[0]]).toEqual([0.5, 0.5, 0, 0]);
    // Round the ring: nothing of before is left in it.
    for (let at = 1_200; at < samplesOf(13_000); at += 2_400) mixer.take(at);
    expect(Math.max(...mixer.take(mixer.taken + 2_400).left)).toBe(0);
  });
});

describe('REC-3 the timeline', () => {
  /** Frames of a source, each `everyMs` of its own clock, arriving as `delay` says; the distance of each to real time, ms. */
  function run(frames: number, delay: (frame: number) => number, everyMs = 40): (number | null)[] {
    const lane = new Lane();
    return Array.from({ length: frames }, (_, frame) => {
      const spokenMs = frame * everyMs;
      const at = lane.place(FRAME, samplesOf(spokenMs + 40 + delay(frame)));
      return at === null ? null : (at / RATE_HZ) * 1_000 - spokenMs;
    });
  }
  const worst = (distances: readonly (number | null)[]): number =>
    Math.max(...distances.map((each) => Math.abs(each ?? 0)));

  test('frames that come in bursts stand where they were spoken', () => {
    // Every fifth second the process is busy, and then everything comes at once; also where it begins.
    for (const busyMs of [300, 1_200]) {
      const delay = (frame: number): number => Math.max(0, busyMs - (frame % 125) * 40);
      expect(worst(run(1_000, (frame) => (frame < 30 ? 0 : delay(frame))))).toBeLessThan(45);
      expect(worst(run(1_000, delay).slice(60))).toBeLessThan(45);
    }
  });

  test('a source whose clock runs differently never drifts away', () => {
    // 1 % and more: 18 s in half an hour.
    for (const everyMs of [39.5, 40.5]) {
      const distances = run(45_000, () => 0, everyMs);
      expect(worst(distances)).toBeLessThan(100);
    }
  });

  test('what was lost is silence, and the rest is in its place again', () => {
    const lane = new Lane();
    const place = (ms: number): number => (lane.place(FRAME, samplesOf(ms + 40)) ?? 0) / samplesOf(1);
    for (let ms = 0; ms < 2_000; ms += 40) expect(place(ms)).toBe(ms);
    // Nothing for three seconds.
    for (let ms = 5_000; ms < 7_000; ms += 40) expect(Math.abs(place(ms) - ms)).toBeLessThan(1);
    // 200 ms lost in the middle of speech: set right within a second or two.
    for (let ms = 7_200; ms < 9_400; ms += 40) place(ms);
    expect(Math.abs(place(9_400) - 9_400)).toBeLessThan(45);
  });
});
