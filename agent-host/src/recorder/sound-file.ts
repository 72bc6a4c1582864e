import { closeSync, fsync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createMp3Encoder } from 'wasm-media-encoders';
import { RATE_HZ, samplesOf } from './lane.ts';
import type { Side } from './mixer.ts';

/** Constant, so that each frame has the same length and a file that was cut off is whole up to its last frame. */
const KBIT_S = 64;
export const FRAME_BYTES = (72 * KBIT_S * 1_000) / RATE_HZ;
export const FRAME_MS = (576 * 1_000) / RATE_HZ;
/** What a decoder puts before the first sample (LAME's 576 and its own 529), ms: the file begins so much earlier. */
export const DECODER_DELAY_MS = 46;
/** What a crash of the machine may cost beside what is not encoded yet. */
const SYNC_EVERY_MS = 5_000;
const PEAK = samplesOf(100);

/** What we use of the library's. What it gives belongs to it, until it is asked again. */
interface Encoder {
  encode(sides: readonly Float32Array[]): Uint8Array;
  finalize(): Uint8Array;
}

/**
 * An MP3 that is being written, and beside it its peaks: a byte a side, ten times a second. What has been written can be
 * played at any moment.
 */
export class SoundFile {
  readonly #sound: number;
  readonly #peaks: number;
  readonly #encoder: Encoder;
  #bytes = 0;
  #loudest: Record<Side, number> = { left: 0, right: 0 };
  #sincePeak = 0;
  #syncedAtMs = Date.now();

  private constructor(paths: { sound: string; peaks: string }, encoder: Encoder) {
    this.#sound = openSync(paths.sound, 'wx', 0o600);
    this.#peaks = openSync(paths.peaks, 'wx', 0o600);
    this.#encoder = encoder;
  }

  /** @throws when the files cannot be made, or are there already */
  static async create(paths: { sound: string; peaks: string }): Promise<SoundFile> {
    const encoder = await createMp3Encoder();
    encoder.configure({ sampleRate: RATE_HZ, channels: 2, bitrate: KBIT_S });
    return new SoundFile(paths, encoder);
  }

  /** @throws when the disk is full */
  write({ left, right }: Record<Side, Float32Array>): void {
    if (left.length === 0) return;
    this.#append(this.#encoder.encode([left, right]));
    this.#measure(left, right);
    const nowMs = Date.now();
    if (nowMs - this.#syncedAtMs < SYNC_EVERY_MS) return;
    this.#syncedAtMs = nowMs;
    // Not awaited: the other calls of this process go on.
    fsync(this.#sound, () => undefined);
  }

  /** @returns how long it is, ms */
  close(): number {
    this.#append(this.#encoder.finalize());
    for (const file of [this.#sound, this.#peaks]) {
      fsyncSync(file);
      closeSync(file);
    }
    return Math.floor(this.#bytes / FRAME_BYTES) * FRAME_MS;
  }

  #append(encoded: Uint8Array): void {
    let at = 0;
    while (at < encoded.length) at += writeSync(this.#sound, encoded, at);
    this.#bytes += encoded.length;
  }

  #measure(left: Float32Array, right: Float32Array): void {
    const peaks: number[] = [];
    for (let i = 0; i < left.length; i++) {
      this.#loudest.left = Math.max(this.#loudest.left, Math.abs(left[i] ?? 0));
      this.#loudest.right = Math.max(this.#loudest.right, Math.abs(right[i] ?? 0));
      if (++this.#sincePeak < PEAK) continue;
      peaks.push(asByte(this.#loudest.left), asByte(this.#loudest.right));
      this.#loudest = { left: 0, right: 0 };
      this.#sincePeak = 0;
    }
    if (peaks.length > 0) writeSync(this.#peaks, Uint8Array.from(peaks));
  }
}

const asByte = (level: number): number => Math.min(255, Math.round(level * 255));
