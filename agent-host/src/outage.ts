import { ReadableStream } from 'node:stream/web';
import type { AudioFrame } from '@livekit/rtc-node';
import type { ModelStage } from '../../domain/profile/models.ts';
import type { Farewell, LastWords } from './farewell.ts';
import type { Log } from './log.ts';
import { errorName } from './log.ts';
import type { CallModels } from './models/call-models.ts';

export interface OutageOptions {
  readonly models: Pick<CallModels, 'speaking' | 'onOutage'>;
  readonly line: string;
  readonly farewell: Pick<Farewell, 'say'>;
  readonly log: Log;
}

/**
 * What is said when no model is left (MODEL-2). The line is made into sound while the voices still work, so that it can be said when
 * they are what failed; it is kept for this call alone.
 */
export class Outage {
  readonly #options: OutageOptions;
  #kept: AudioFrame[] = [];

  constructor(options: OutageOptions) {
    this.#options = options;
    options.models.onOutage((stage) => void this.#sayIt(stage));
  }

  /** Makes the line's sound. Call it when the customer hears something else already. */
  async prepare(): Promise<void> {
    const { models, line, log } = this.#options;
    const frames: AudioFrame[] = [];
    try {
      for await (const { frame } of models.speaking.synthesize(line)) frames.push(frame);
      this.#kept = frames;
    } catch (error) {
      log.warn('the outage line was not made', { name: errorName(error) });
    }
  }

  async #sayIt(stage: ModelStage): Promise<void> {
    const { farewell, line } = this.#options;
    const words: LastWords = {
      line,
      reason: 'no model answers any more',
      outcome: 'agentFailed',
      atOnce: true,
    };
    const sound = this.#kept.length > 0 ? { sound: soundOf(this.#kept) } : {};
    await farewell.say(stage === 'speaking' ? { ...words, ...sound } : words);
  }
}

function soundOf(frames: readonly AudioFrame[]): NonNullable<LastWords['sound']> {
  return new ReadableStream<AudioFrame>({
    start(controller) {
      for (const frame of frames) controller.enqueue(frame);
      controller.close();
    },
  }) as NonNullable<LastWords['sound']>;
}
