import type { RemoteTrack } from 'livekit-client';
import { loudness, type Heard } from './speakers.ts';

interface Voice {
  readonly track: RemoteTrack;
  readonly element: HTMLMediaElement;
  readonly source: MediaStreamAudioSourceNode | null;
  readonly analyser: AnalyserNode | null;
}

/** Owns what is played and how loud each voice is. Metering listens beside the player, so that a muted voice still moves its meter. */
export class SoundOut {
  readonly #voices = new Map<string, Voice>();
  readonly #samples = new Float32Array(1024);
  #context: AudioContext | null = null;

  /** From within a gesture: browsers let no page sound by itself. */
  unlock(): void {
    this.#context ??= new AudioContext();
    if (this.#context.state === 'suspended') void this.#context.resume();
  }

  add(identity: string, track: RemoteTrack): void {
    this.#end(identity);
    const element = track.attach();
    element.dataset.heard = identity;
    document.body.append(element);
    const source = this.#context?.createMediaStreamSource(new MediaStream([track.mediaStreamTrack])) ?? null;
    const analyser = this.#context?.createAnalyser() ?? null;
    if (source !== null && analyser !== null) {
      analyser.fftSize = this.#samples.length;
      source.connect(analyser);
    }
    this.#voices.set(identity, { track, element, source, analyser });
  }

  /** @returns whether it was the one being played: late news of an older track changes nothing. */
  remove(identity: string, track: RemoteTrack): boolean {
    if (this.#voices.get(identity)?.track !== track) return false;
    this.#end(identity);
    return true;
  }

  removeAll(): void {
    for (const identity of this.#voices.keys()) this.#end(identity);
  }

  close(): void {
    this.removeAll();
    void this.#context?.close();
    this.#context = null;
  }

  mix(heard: readonly Heard[], allMuted: boolean): void {
    for (const { identity, volume } of heard) {
      const element = this.#voices.get(identity)?.element;
      if (element === undefined) continue;
      // Telephones ignore `volume`; being muted they all know.
      element.volume = volume;
      element.muted = allMuted || volume === 0;
    }
  }

  levelOf(identity: string): number {
    const analyser = this.#voices.get(identity)?.analyser;
    if (analyser === undefined || analyser === null) return 0;
    analyser.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples);
  }

  #end(identity: string): void {
    const voice = this.#voices.get(identity);
    if (voice === undefined) return;
    this.#voices.delete(identity);
    voice.source?.disconnect();
    voice.track.detach(voice.element);
    voice.element.remove();
  }
}
