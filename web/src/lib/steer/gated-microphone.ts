import { loudness } from '../listen/speakers.ts';

/** So long the gate takes to open or shut, in seconds: at once to an ear, and no click. */
const RAMP_S = 0.005;

/**
 * Owns a microphone behind a gate. Its track is published once and carries silence while the gate is shut; muting or
 * unpublishing takes longer, and waits for the server.
 */
export class GatedMicrophone {
  readonly #context = new AudioContext({ latencyHint: 'interactive' });
  readonly #gate = new GainNode(this.#context, { gain: 0 });
  readonly #meter = new AnalyserNode(this.#context, { fftSize: 1024 });
  readonly #out = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 1 });
  readonly #samples = new Float32Array(1024);
  readonly #lost: () => void;
  #stream: MediaStream | null = null;
  #source: MediaStreamAudioSourceNode | null = null;

  /** @param lost the device was taken away while it was open */
  constructor(lost: () => void) {
    this.#lost = lost;
    this.#gate.connect(this.#out);
  }

  /** What is published. */
  get track(): MediaStreamTrack {
    return this.#out.stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  /** Opens the device, not the gate. @throws what the browser says when there is none, or it may not */
  async arm(): Promise<void> {
    if (this.#context.state === 'suspended') void this.#context.resume();
    if (this.#stream !== null) return;
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    if (this.#context.state === 'closed') {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#stream = stream;
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#meter).connect(this.#gate);
    stream.getAudioTracks()[0]?.addEventListener('ended', () => this.#stream === stream && this.#lost());
  }

  open(open: boolean): void {
    const { gain } = this.#gate;
    const now = this.#context.currentTime;
    gain.cancelScheduledValues(now);
    gain.setValueAtTime(gain.value, now);
    gain.linearRampToValueAtTime(open ? 1 : 0, now + RAMP_S);
  }

  /** Gives the device back: its light goes out. The track goes on with silence. */
  release(): void {
    this.open(false);
    this.#source?.disconnect();
    this.#source = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  close(): void {
    this.release();
    this.track.stop();
    void this.#context.close();
  }

  /** 0 to 1: what the microphone hears, whether or not the gate lets it out. */
  level(): number {
    if (this.#source === null) return 0;
    this.#meter.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples);
  }
}
