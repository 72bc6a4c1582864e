/** A microphone track that somebody speaks into: room noise all the time, and speech when asked. */
import './quiet-livekit.ts';
import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  TrackPublishOptions,
  TrackSource,
  type Room,
} from '@livekit/rtc-node';
import type { Utterance } from './voice.ts';

export const MICROPHONE_RATE_HZ = 48_000;

const FRAME_MS = 20;
const FRAME_SAMPLES = (MICROPHONE_RATE_HZ * FRAME_MS) / 1000;
/** How far the source may run ahead: longer than any other call's synthesis blocks this process. */
const QUEUE_MS = 300;
/** Far below speech, but not digital silence, which real phones never send. */
const NOISE_LEVEL = 16;

export interface Said {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

interface Speech {
  readonly samples: Int16Array;
  at: number;
  startedAtMs: number | undefined;
  readonly done: (said: Said) => void;
}

export class Microphone {
  readonly #source = new AudioSource(MICROPHONE_RATE_HZ, 1, QUEUE_MS);
  readonly #track = LocalAudioTrack.createAudioTrack('microphone', this.#source);
  #speech: Speech | undefined;
  #closed = false;
  #pump: Promise<void> | undefined;

  /** Publishes the track. Rejects as LiveKit's `publishTrack` does. */
  async publish(room: Room): Promise<void> {
    const options = new TrackPublishOptions();
    options.source = TrackSource.SOURCE_MICROPHONE;
    await room.localParticipant?.publishTrack(this.#track, options);
    this.#pump = this.#run();
  }

  /**
   * Says an utterance at {@link MICROPHONE_RATE_HZ}, or its first `forMs`. Resolves when the last of it has
   * left the queue, also when the microphone is closed in between.
   */
  async say({ samples }: Utterance, forMs?: number): Promise<Said> {
    const end = forMs === undefined ? samples.length : Math.round((forMs * MICROPHONE_RATE_HZ) / 1000);
    const said = await new Promise<Said>((done) => {
      if (this.#closed) done({ startedAtMs: Date.now(), endedAtMs: Date.now() });
      else this.#speech = { samples: samples.subarray(0, end), at: 0, startedAtMs: undefined, done };
    });
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, said.endedAtMs - Date.now())));
    return said;
  }

  /** Ends the track and lets go of everything native. Never throws. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#speech?.done({ startedAtMs: this.#speech.startedAtMs ?? Date.now(), endedAtMs: Date.now() });
    this.#speech = undefined;
    this.#source.clearQueue();
    // A closed room may leave the last frame waiting for ever.
    await Promise.race([this.#pump, new Promise((resolve) => setTimeout(resolve, 500))]);
    await this.#track.close().catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#source.captureFrame(this.#nextFrame());
      } catch {
        // The room went away under us; `close` follows.
        return;
      }
    }
  }

  #nextFrame(): AudioFrame {
    const samples = new Int16Array(FRAME_SAMPLES);
    for (let i = 0; i < FRAME_SAMPLES; i++) samples[i] = Math.round((Math.random() - 0.5) * NOISE_LEVEL);
    const speech = this.#speech;
    if (speech) {
      speech.startedAtMs ??= Date.now() + this.#source.queuedDuration;
      const piece = speech.samples.subarray(speech.at, speech.at + FRAME_SAMPLES);
      samples.set(piece);
      speech.at += FRAME_SAMPLES;
      if (speech.at >= speech.samples.length) {
        this.#speech = undefined;
        const endedAtMs =
          Date.now() + this.#source.queuedDuration + (piece.length * 1000) / MICROPHONE_RATE_HZ;
        speech.done({ startedAtMs: speech.startedAtMs, endedAtMs: Math.round(endedAtMs) });
      }
    }
    return new AudioFrame(samples, MICROPHONE_RATE_HZ, 1, FRAME_SAMPLES);
  }
}
