/** Models that answer, fail or hang as they are told: services at the edge, in this process. */
import { AudioFrame } from '@livekit/rtc-node';
import { llm, stt } from '@livekit/agents';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Voice } from '../../../agent-host/src/models/fallback/voice.ts';
import type { Log } from '../../../agent-host/src/log.ts';

export const silentLog: Log = { info: () => undefined, warn: () => undefined };

export type Behaviour = 'works' | 'fails' | 'hangs' | 'breaksOff';

/** Says its name, or breaks off after half a sentence. */
export class FakeLlm extends llm.LLM {
  behaviour: Behaviour;
  asked: llm.ChatContext[] = [];
  readonly #answer: string;

  constructor(answer: string, behaviour: Behaviour = 'works') {
    super();
    this.#answer = answer;
    this.behaviour = behaviour;
  }

  label(): string {
    return 'fake';
  }

  override chat(options: Parameters<llm.LLM['chat']>[0]): llm.LLMStream {
    this.asked.push(options.chatCtx);
    return new FakeStream(this, options, this.#answer);
  }
}

class FakeStream extends llm.LLMStream {
  readonly #model: FakeLlm;
  readonly #answer: string;

  constructor(model: FakeLlm, { chatCtx }: { chatCtx: llm.ChatContext }, answer: string) {
    super(model, { chatCtx, connOptions: { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 1_000 } });
    this.#model = model;
    this.#answer = answer;
  }

  protected override async run(): Promise<void> {
    const say = (content: string): void => this.queue.put({ id: 'x', delta: { role: 'assistant', content } });
    switch (this.#model.behaviour) {
      case 'works':
        say(this.#answer);
        this.queue.put({
          id: 'x',
          usage: { completionTokens: 3, promptTokens: 7, promptCachedTokens: 0, totalTokens: 10 },
        });
        return;
      case 'fails':
        throw new Error('refused');
      case 'hangs':
        return until(this.abortController.signal);
      case 'breaksOff':
        say(this.#answer.slice(0, this.#answer.length / 2));
        await sleep(20);
        throw new Error('lost');
    }
  }
}

const until = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Frames of a level that tells the voices apart. */
export function fakeVoice(
  level: number,
  behaviour: Behaviour,
  sampleRate = 24_000,
): Voice & { said: string[] } {
  const frame = (): AudioFrame =>
    new AudioFrame(new Int16Array(sampleRate / 50).fill(level), sampleRate, 1, sampleRate / 50);
  const said: string[] = [];
  return {
    sampleRate,
    said,
    close: () => Promise.resolve(),
    async *speak(sentence, signal) {
      said.push(sentence);
      if (behaviour === 'fails') throw new Error('refused');
      if (behaviour === 'hangs') return until(signal);
      yield frame();
      if (behaviour === 'breaksOff') throw new Error('lost');
      yield frame();
    },
  };
}

/** Understands `words` at each flush; what it got is counted. */
export class FakeEars extends stt.STT {
  behaviour: Behaviour;
  frames = 0;
  opened = 0;
  label = 'fake';
  readonly words: string;

  constructor(words: string, behaviour: Behaviour = 'works') {
    super({ streaming: true, interimResults: true });
    this.words = words;
    this.behaviour = behaviour;
  }

  protected override _recognize(): Promise<stt.SpeechEvent> {
    return Promise.reject(new Error('not used'));
  }

  override stream(options?: { connOptions?: ConstructorParameters<typeof EarStream>[1] }): stt.SpeechStream {
    this.opened++;
    return new EarStream(this, options?.connOptions);
  }
}

class EarStream extends stt.SpeechStream {
  label = 'fake';
  readonly #ears: FakeEars;

  constructor(ears: FakeEars, connOptions?: ConstructorParameters<typeof stt.SpeechStream>[2]) {
    super(ears, undefined, connOptions);
    this.#ears = ears;
  }

  protected override async run(): Promise<void> {
    if (this.#ears.behaviour === 'fails') throw new Error('refused');
    let heard = 0;
    for await (const item of this.input) {
      if (typeof item !== 'symbol') {
        this.#ears.frames++;
        heard++;
      }
      if (this.#ears.behaviour === 'breaksOff' && heard > 2) throw new Error('lost');
      // Three frames are a sentence to it.
      if (this.#ears.behaviour === 'works' && heard === 3) {
        heard = 0;
        this.queue.put({
          type: stt.SpeechEventType.FINAL_TRANSCRIPT,
          alternatives: [{ text: this.#ears.words } as stt.SpeechData],
        });
      }
    }
  }
}

export const quietFrame = (): AudioFrame => new AudioFrame(new Int16Array(1_200), 24_000, 1, 1_200);
