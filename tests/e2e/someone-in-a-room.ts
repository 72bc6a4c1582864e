import { AudioStream, Room, RoomEvent, TrackKind } from '@livekit/rtc-node';
import type { RemoteParticipant, RemoteTrack } from '@livekit/rtc-node';
import { MICROPHONE_RATE_HZ, Microphone } from '../../agent-host/lab/microphone.ts';
import type { Said } from '../../agent-host/lab/microphone.ts';
import { tone } from '../../agent-host/lab/tone.ts';
import type { CustomerVoice } from '../../agent-host/lab/voice.ts';
import { CUSTOMER_VOICES, speakWithWords } from '../../agent-host/lab/voice.ts';

/** Root mean square of 16-bit samples above which somebody speaks. */
const LOUD = 200;
/** Of a frame's energy, what a pure tone has at its pitch. */
const PURE = 0.5;
const TONE_HZ = 1_000;
const RATE_HZ = 16_000;
const FRAME_MS = 20;
const POLL_MS = 20;

interface Frame {
  readonly from: string;
  readonly atMs: number;
  readonly loud: boolean;
  readonly tone: boolean;
}

/** A person, or a page, in a room: speaks by a microphone if let, and remembers what was heard from whom. */
export class Someone {
  readonly room = new Room();
  readonly frames: Frame[] = [];
  /** Everyone who was ever seen here. */
  readonly seen = new Set<string>();
  readonly #microphone = new Microphone();
  #speaks = false;

  constructor() {
    this.room.on(RoomEvent.ParticipantConnected, ({ identity }) => this.seen.add(identity));
    this.room.on(RoomEvent.TrackSubscribed, (track, _publication, from) => {
      if (track.kind === TrackKind.KIND_AUDIO) void this.#listen(track, from);
    });
  }

  async join(join: { url: string; token: string }, options: { speaks: boolean }): Promise<this> {
    await this.room.connect(join.url, join.token, { autoSubscribe: true, dynacast: false });
    for (const identity of this.room.remoteParticipants.keys()) this.seen.add(identity);
    this.#speaks = options.speaks;
    if (options.speaks) await this.#microphone.publish(this.room);
    return this;
  }

  async say(text: string, voice: CustomerVoice = 'alice'): Promise<Said> {
    const setting = { ...CUSTOMER_VOICES[voice], sampleRate: MICROPHONE_RATE_HZ };
    return this.#microphone.say(await speakWithWords(text, setting));
  }

  /** A sound that no voice makes: where it is heard, it leaked. */
  beep(forMs: number): Promise<Said> {
    return this.#microphone.say({ samples: tone(forMs), words: [] });
  }

  /** When somebody whose identity begins so was first loud since then; null when nobody was. */
  firstLoud(from: string, sinceMs: number): number | null {
    return this.#since(from, sinceMs).find((frame) => frame.loud)?.atMs ?? null;
  }

  /** For how long they were loud in that time, ms. */
  loudMs(from: string, sinceMs: number, untilMs = Date.now()): number {
    return (
      this.#since(from, sinceMs).filter((frame) => frame.loud && frame.atMs <= untilMs).length * FRAME_MS
    );
  }

  toneMs(sinceMs: number): number {
    return this.#since('', sinceMs).filter((frame) => frame.tone).length * FRAME_MS;
  }

  /** Waits until they are loud. @returns when they were */
  async hears(from: string, sinceMs: number, withinMs: number): Promise<number> {
    await until(() => this.firstLoud(from, sinceMs) !== null, withinMs, `nothing was heard from ${from}`);
    return this.firstLoud(from, sinceMs) ?? sinceMs;
  }

  /** Waits until they have been quiet for so long. */
  async quiet(from: string, forMs: number, withinMs: number): Promise<void> {
    await until(
      () =>
        Date.now() - (this.frames.findLast((each) => each.loud && each.from.startsWith(from))?.atMs ?? 0) >
        forMs,
      withinMs,
      `${from} did not fall silent`,
    );
  }

  async leave(): Promise<void> {
    if (this.#speaks) {
      this.#speaks = false;
      await this.#microphone.close();
    }
    await this.room.disconnect().catch(() => undefined);
  }

  #since(from: string, sinceMs: number): Frame[] {
    return this.frames.filter((frame) => frame.atMs >= sinceMs && frame.from.startsWith(from));
  }

  async #listen(track: RemoteTrack, { identity: from }: RemoteParticipant): Promise<void> {
    const options = { sampleRate: RATE_HZ, numChannels: 1, frameSizeMs: FRAME_MS };
    try {
      for await (const { data } of new AudioStream(track, options)) {
        const energy = data.reduce((sum, each) => sum + each * each, 0) / data.length;
        const loud = Math.sqrt(energy) > LOUD;
        this.frames.push({ from, atMs: Date.now(), loud, tone: loud && purity(data) > PURE });
      }
    } catch {
      // The track ended under us.
    }
  }
}

/** Share of the energy at the tone's pitch (Goertzel): 1 for a pure tone. */
function purity(samples: Int16Array): number {
  const factor = 2 * Math.cos((2 * Math.PI * TONE_HZ) / RATE_HZ);
  let [before, last, energy] = [0, 0, 0];
  for (const sample of samples) {
    [before, last] = [last, sample + factor * last - before];
    energy += sample * sample;
  }
  const power = last * last + before * before - factor * last * before;
  return energy === 0 ? 0 : (2 * power) / (energy * samples.length);
}

/** Waits for a condition. @throws Error with `failure` when it does not come true in time */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  failure: string,
): Promise<void> {
  const deadlineMs = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`${failure} within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
