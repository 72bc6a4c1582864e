import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resample } from '../../agent-host/lab/resample.ts';
import { SPEECH_RATE_HZ, SpeechBuffer } from '../../agent-host/lab/speech-buffer.ts';
import {
  decodePcm16,
  decodeWav,
  encodePcm16,
  encodeWav,
  UnreadableWavError,
} from '../../agent-host/lab/wav.ts';
import { noise } from './telephone-line.ts';

function tone(hz: number, ms: number, rate: number, level = 8_000): Int16Array {
  return Int16Array.from(
    { length: (rate * ms) / 1000 },
    (_, i) => level * Math.sin((2 * Math.PI * hz * i) / rate),
  );
}

function loudness(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

test('a WAV file keeps its samples and its rate', () => {
  fc.assert(
    fc.property(fc.int16Array(), fc.integer({ min: 4_000, max: 192_000 }), (samples, sampleRate) => {
      expect(decodeWav(encodeWav({ samples, sampleRate }))).toEqual({ samples, sampleRate });
      expect(decodePcm16(encodePcm16(samples))).toEqual(samples);
    }),
  );
});

test('no bytes whatever make the WAV reader fail in another way than its own', () => {
  const start = [...encodeWav({ samples: new Int16Array(4), sampleRate: 8_000 })];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .tuple(fc.nat(start.length), fc.uint8Array({ maxLength: 40 }))
      .map(([kept, rest]) => Uint8Array.from([...start.slice(0, kept), ...rest])),
  );
  fc.assert(
    fc.property(bytes, (file) => {
      try {
        decodeWav(file);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableWavError);
      }
    }),
  );
});

test('resampling keeps a tone of speech and removes what the new rate cannot carry', () => {
  for (const [from, to] of [
    [22_050, 24_000],
    [22_050, 48_000],
    [48_000, 8_000],
    [24_000, 8_000],
  ] as const) {
    const kept = resample(tone(1_000, 500, from), from, to);
    expect(kept.length).toBe(Math.floor((from / 2) * (to / from)));
    expect(loudness(kept) / loudness(tone(1_000, 500, from))).toBeCloseTo(1, 1);
  }
  expect(loudness(resample(tone(6_000, 500, 24_000), 24_000, 8_000))).toBeLessThan(60);
});

test('stretches of speech are parted by a long pause and not by a short one', () => {
  const buffer = new SpeechBuffer();
  const add = (samples: Int16Array) => buffer.append(samples);
  add(noise(1_000, SPEECH_RATE_HZ, 10));
  add(tone(300, 700, SPEECH_RATE_HZ));
  add(noise(300, SPEECH_RATE_HZ, 10));
  add(tone(300, 400, SPEECH_RATE_HZ));
  add(noise(900, SPEECH_RATE_HZ, 10));
  add(tone(300, 500, SPEECH_RATE_HZ));
  add(noise(400, SPEECH_RATE_HZ, 10));
  expect(buffer.take().map(({ loudMs }) => Math.round(loudMs / 100))).toEqual([11, 5]);
  expect(buffer.take()).toEqual([]);
});
