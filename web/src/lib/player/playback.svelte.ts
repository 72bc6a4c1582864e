import type { RibbonSpan } from '../call/ribbon.ts';
import { pastSilence } from './peaks.ts';
import { audibleFrom, soundAt, type Sound } from './soundtrack.ts';

export const speeds = [0.75, 1, 1.25, 1.5, 2] as const;
export type Speed = (typeof speeds)[number];

/** Nearer to the end of a sound than this, ms, it is over: files end a packet early or late. */
const END_MS = 60;

/** Owns what is heard of a call afterwards: one playhead over all its recordings. Places are ms since the call was requested. */
export class Playback {
  readonly #address: (recordingId: string) => string;
  readonly #element = new Audio();
  readonly #stop = new AbortController();
  #sounds: readonly Sound[] = [];
  #sound: Sound | null = null;
  /** Where the head is while no file has it: in a gap, or before anything was loaded. */
  #placeMs = 0;
  #positionMs = $state(0);
  #playing = $state(false);
  #waiting = $state(false);
  #failed = $state(false);
  #speed = $state<Speed>(1);
  #skipsSilence = $state(false);
  #silences: readonly RibbonSpan[] = [];

  constructor(address: (recordingId: string) => string) {
    this.#address = address;
    this.#element.preload = 'metadata';
    const { signal } = this.#stop;
    const on = (type: string, then: () => void): void =>
      this.#element.addEventListener(type, then, { signal });
    on('timeupdate', () => this.#moved());
    on('seeked', () => this.#moved());
    on('ended', () => this.#onwards());
    on('waiting', () => (this.#waiting = true));
    on('playing', () => (this.#waiting = this.#failed = false));
    on('canplay', () => (this.#waiting = false));
    on('error', () => {
      this.#failed = this.#element.hasAttribute('src');
      this.#playing = this.#waiting = false;
    });
  }

  /** As of the last quarter of a second; {@link now} is exact. */
  get positionMs(): number {
    return this.#positionMs;
  }
  get playing(): boolean {
    return this.#playing;
  }
  get waiting(): boolean {
    return this.#waiting;
  }
  get failed(): boolean {
    return this.#failed;
  }
  get speed(): Speed {
    return this.#speed;
  }
  get skipsSilence(): boolean {
    return this.#skipsSilence;
  }

  /** Not reactive: asked for at every frame. */
  now(): number {
    const sound = this.#sound;
    return sound === null || this.#placeMs < sound.fromMs
      ? this.#placeMs
      : sound.fileZeroMs + this.#element.currentTime * 1_000;
  }

  /** What there is to hear; it may grow while recordings are still being stored. */
  hold(sounds: readonly Sound[]): void {
    this.#sounds = sounds;
  }

  knowSilences(silences: readonly RibbonSpan[]): void {
    this.#silences = silences;
  }

  seek(callMs: number): void {
    this.#placeMs = this.#positionMs = Math.max(0, callMs);
    const sound = soundAt(this.#sounds, callMs);
    if (sound === null) {
      this.pause();
      this.#sound = null;
      return;
    }
    this.#load(sound);
    this.#element.currentTime = Math.max(0, Math.max(callMs, sound.fromMs) - sound.fileZeroMs) / 1_000;
    this.#failed = false;
  }

  async play(): Promise<void> {
    const here = this.now();
    const atEnd = soundAt(this.#sounds, here + END_MS) === null;
    // Gaps are not waited for: nobody learns anything from them.
    const from = audibleFrom(this.#sounds, atEnd ? 0 : here);
    if (this.#sound === null || atEnd || from !== here) this.seek(from);
    this.#placeMs = from;
    this.#playing = true;
    this.#element.playbackRate = this.#speed;
    try {
      await this.#element.play();
    } catch (error) {
      // Paused before it had begun is no failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.#failed = true;
      this.#playing = !this.#element.paused;
    }
  }

  pause(): void {
    this.#playing = false;
    this.#element.pause();
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else void this.play();
  }

  setSpeed(speed: Speed): void {
    this.#speed = speed;
    this.#element.playbackRate = speed;
  }

  skipSilence(skip: boolean): void {
    this.#skipsSilence = skip;
  }

  close(): void {
    this.#stop.abort();
    this.#element.pause();
    this.#element.removeAttribute('src');
    this.#element.load();
  }

  #load(sound: Sound): void {
    if (this.#sound?.recordingId !== sound.recordingId) {
      this.#element.src = this.#address(sound.recordingId);
      this.#element.playbackRate = this.#speed;
    }
    this.#sound = sound;
  }

  #moved(): void {
    const sound = this.#sound;
    if (sound === null || this.#element.readyState === 0) return;
    const here = sound.fileZeroMs + this.#element.currentTime * 1_000;
    if (this.#placeMs < sound.fromMs && !this.#playing) return;
    this.#placeMs = Math.max(here, sound.fromMs);
    this.#positionMs = here;
    if (!this.#playing) return;
    if (here >= sound.toMs - END_MS) this.#onwards();
    else if (this.#skipsSilence) {
      const next = pastSilence(this.#silences, here);
      if (next > here) this.seek(Math.min(next, sound.toMs));
    }
  }

  /** This sound is over: the next one, or the end. */
  #onwards(): void {
    if (this.#sound === null || !this.#playing) return;
    const next = soundAt(this.#sounds, this.#sound.toMs);
    if (next === null) {
      this.#positionMs = this.#placeMs = this.#sound.toMs;
      this.pause();
    } else {
      this.seek(next.fromMs);
      void this.play();
    }
  }
}
