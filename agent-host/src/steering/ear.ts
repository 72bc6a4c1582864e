import type { RemoteTrack } from '@livekit/rtc-node';
import { AudioStream } from '@livekit/rtc-node';
import { stt } from '@livekit/agents';
import type { Log } from '../log.ts';
import { errorName } from '../log.ts';

const RATE_HZ = 24_000;
const FRAME_MS = 50;

/** What an ear hears. Times are epoch ms, as the recogniser noticed them. */
export interface Heard {
  startedSpeaking(noticedAtMs: number): void;
  stoppedSpeaking(noticedAtMs: number): void;
  /** Words so far; they may change. */
  heard(text: string, nowMs: number): void;
  understood(text: string, nowMs: number): void;
}

/** Transcribes one track beside the agent's own session, which hears nobody but its customer. Never throws. */
export class Ear {
  readonly #frames: ReadableStreamDefaultReader<Parameters<stt.SpeechStream['pushFrame']>[0]>;
  readonly #recogniser: stt.SpeechStream;
  readonly #heard: Heard;
  readonly #log: Log;
  readonly #done: Promise<unknown>;
  #speaking = false;
  #closed = false;
  /** Rings when a stretch of speech is over and understood. */
  #quiet: (() => void)[] = [];

  constructor(track: RemoteTrack, recogniser: stt.STT, heard: Heard, log: Log) {
    const stream = new AudioStream(track, { sampleRate: RATE_HZ, numChannels: 1, frameSizeMs: FRAME_MS });
    this.#frames = stream.getReader();
    this.#recogniser = recogniser.stream();
    this.#heard = heard;
    this.#log = log;
    this.#done = Promise.all([this.#pump(), this.#listen()]);
  }

  /** Waits until a sentence that is being spoken has been understood, at most `withinMs`, and closes. */
  async close(withinMs: number): Promise<void> {
    if (this.#closed) return;
    if (this.#speaking) {
      await new Promise<void>((resolve) => {
        this.#quiet.push(resolve);
        setTimeout(resolve, withinMs);
      });
    }
    this.#closed = true;
    await this.#frames.cancel().catch(() => undefined);
    this.#recogniser.close();
    await this.#done;
  }

  async #pump(): Promise<void> {
    try {
      for (;;) {
        const { value, done } = await this.#frames.read();
        if (done || this.#closed) return;
        this.#recogniser.pushFrame(value);
      }
    } catch {
      // The track ended under us.
    }
  }

  async #listen(): Promise<void> {
    try {
      for await (const event of this.#recogniser) this.#take(event);
    } catch (error) {
      if (!this.#closed) this.#log.warn('an ear of its own failed', { name: errorName(error) });
    }
  }

  #take({ type, alternatives }: stt.SpeechEvent): void {
    const text = alternatives?.[0].text ?? '';
    switch (type) {
      case stt.SpeechEventType.START_OF_SPEECH:
        this.#speaking = true;
        return this.#heard.startedSpeaking(Date.now());
      case stt.SpeechEventType.END_OF_SPEECH:
        return this.#heard.stoppedSpeaking(Date.now());
      case stt.SpeechEventType.INTERIM_TRANSCRIPT:
        return this.#heard.heard(text, Date.now());
      case stt.SpeechEventType.FINAL_TRANSCRIPT:
        this.#speaking = false;
        this.#heard.understood(text, Date.now());
        for (const ring of this.#quiet.splice(0)) ring();
    }
  }
}
