import type { AudioFrame } from '@livekit/rtc-node';
import { VAD, VADEventType, VADStream } from '@livekit/agents';

/** Hears speech in a number of frames and then silence: the real one's network is another test's. */
export class WholeStretchVad extends VAD {
  label = 'whole stretch';
  readonly frames: number;

  constructor(frames: number) {
    super({ updateInterval: 32 });
    this.frames = frames;
  }

  override stream(): VADStream {
    return new WholeStretchStream(this);
  }
}

class WholeStretchStream extends VADStream {
  constructor(vad: WholeStretchVad) {
    super(vad);
    void this.#run(vad.frames);
  }

  /** The base class's own closes a stream that it has locked itself. */
  override endInput(): void {
    this.inputClosed = true;
  }

  async #run(wanted: number): Promise<void> {
    const frames: AudioFrame[] = [];
    const event = {
      samplesIndex: 0,
      timestamp: 0,
      speechDuration: 0,
      silenceDuration: 0,
      probability: 1,
      inferenceDuration: 0,
      speaking: false,
      rawAccumulatedSilence: 0,
      rawAccumulatedSpeech: 0,
    };
    for (;;) {
      const { done, value } = await this.inputReader.read();
      if (done || this.closed) return;
      if (typeof value === 'symbol') continue;
      frames.push(value);
      if (frames.length === 1)
        this.sendVADEvent({ ...event, type: VADEventType.START_OF_SPEECH, frames: [] });
      if (frames.length < wanted) continue;
      this.sendVADEvent({ ...event, type: VADEventType.END_OF_SPEECH, frames: frames.splice(0) });
    }
  }
}
