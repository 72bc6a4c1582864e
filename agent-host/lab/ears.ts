/** Hears, by loudness alone, when the others in a room speak: the agent, or a person who took over. */
import './quiet-livekit.ts';
import { AudioStream, RoomEvent, TrackKind, type RemoteTrack, type Room } from '@livekit/rtc-node';

/** A stretch in which somebody else spoke; times are epoch milliseconds of this machine's clock. */
export interface Heard {
  readonly startedAtMs: number;
  endedAtMs: number;
}

const RATE_HZ = 16_000;
const FRAME_MS = 20;
/** Root mean square, of 32,767. */
const LOUD = 200;
/** A shorter pause is a pause for breath. */
const PAUSE_MS = 400;

export class Ears {
  /** In order; the last one is still growing while somebody speaks. */
  readonly heard: Heard[] = [];
  readonly #readers = new Map<RemoteTrack, ReadableStreamDefaultReader<{ data: Int16Array }>>();
  readonly #onStart: (atMs: number) => void;

  /** Listens to every audio track of the room, now and later; `onStart` is told when somebody begins. */
  constructor(room: Room, onStart: (atMs: number) => void) {
    this.#onStart = onStart;
    room.on(RoomEvent.TrackSubscribed, (track) => {
      if (track.kind === TrackKind.KIND_AUDIO) void this.#listen(track);
    });
    room.on(RoomEvent.TrackUnsubscribed, (track) => this.#stop(track));
  }

  /** When somebody was last loud; undefined before anybody was. */
  get lastLoudAtMs(): number | undefined {
    return this.heard.at(-1)?.endedAtMs;
  }

  /** Whether somebody speaks, pauses for breath included. */
  get speaking(): boolean {
    return Date.now() - (this.lastLoudAtMs ?? 0) < PAUSE_MS;
  }

  /** When the first stretch began at or after `atMs`; undefined when none has. */
  startedSince(atMs: number): number | undefined {
    return this.heard.find(({ startedAtMs }) => startedAtMs >= atMs)?.startedAtMs;
  }

  /** Stops listening and lets go of the native streams. */
  close(): void {
    for (const track of this.#readers.keys()) this.#stop(track);
  }

  async #listen(track: RemoteTrack): Promise<void> {
    const stream = new AudioStream(track, { sampleRate: RATE_HZ, numChannels: 1, frameSizeMs: FRAME_MS });
    const reader = stream.getReader();
    this.#readers.set(track, reader as ReadableStreamDefaultReader<{ data: Int16Array }>);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        if (isLoud(value.data)) this.#mark(Date.now());
      }
    } catch {
      // The track ended under us.
    }
  }

  #mark(atMs: number): void {
    const last = this.heard.at(-1);
    if (last && atMs - last.endedAtMs < PAUSE_MS) {
      last.endedAtMs = atMs;
      return;
    }
    this.heard.push({ startedAtMs: atMs, endedAtMs: atMs });
    this.#onStart(atMs);
  }

  #stop(track: RemoteTrack): void {
    const reader = this.#readers.get(track);
    this.#readers.delete(track);
    reader?.cancel().catch(() => undefined);
  }
}

function isLoud(samples: Int16Array): boolean {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  return squares > LOUD * LOUD * samples.length;
}
