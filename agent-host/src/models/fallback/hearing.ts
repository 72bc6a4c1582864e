import type { AudioFrame } from '@livekit/rtc-node';
import type { APIConnectOptions } from '@livekit/agents';
import { stt } from '@livekit/agents';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.ts';
import { errorName } from '../../log.ts';
import { GIVE_UP_MS, pause, ROUND_MS, TRANSCRIPT_MS } from './patience.ts';
import type { Candidate, Roster } from './roster.ts';

const { FINAL_TRANSCRIPT, RECOGNITION_USAGE } = stt.SpeechEventType;

/** Sound that was not understood yet is kept so long, ms: the next recogniser hears it as well. */
const KEPT_MS = 15_000;
/** A shorter stretch may be a cough, to which a recogniser owes no words. */
const WORDS_LAST_MS = 700;
/** So many stretches in a row that no recogniser had a word for: none of them hears (MODEL-4). */
const UNHEARD_STRETCHES = 2;

export interface HearingOptions {
  readonly roster: Roster<stt.STT>;
  /** No recogniser hears any more. */
  readonly onOutage: () => void;
  readonly log: Log;
}

/**
 * Recognisers that stand in for one another; what one has not understood, the next one hears again (MODEL-1, MODEL-4).
 *
 * The framework's own adapter (1.9.0) loses the sound of the change, and waits for ever for a recogniser that is connected and
 * says nothing.
 */
export class Hearing extends stt.STT {
  readonly #options: HearingOptions;
  readonly #streams = new Set<HearingStream>();
  label = 'earshot.Hearing';

  constructor(options: HearingOptions) {
    super({ streaming: true, interimResults: true });
    this.#options = options;
    for (const { model } of options.roster.candidates) this.#adopt(model);
  }

  override get model(): string {
    return this.#options.roster.serving;
  }

  override stream(): stt.SpeechStream {
    const stream: HearingStream = new HearingStream(this, this.#options, () => this.#streams.delete(stream));
    this.#streams.add(stream);
    return stream;
  }

  /** The customer begins to speak. Told, as the end of it, by whoever has the VAD's ear. */
  stretchBegan(): void {
    for (const stream of this.#streams) stream.stretchBegan();
  }

  /** They spoke so long, ms, and have stopped: words are owed. */
  stretchOver(lastedMs: number): void {
    if (lastedMs >= WORDS_LAST_MS) for (const stream of this.#streams) stream.owesWords();
  }

  /** The same services in another language. */
  replace(candidates: readonly Candidate<stt.STT>[]): void {
    for (const { model } of candidates) this.#adopt(model);
    this.#options.roster.replace(candidates);
    for (const stream of this.#streams) stream.changeOver();
  }

  protected override _recognize(): Promise<stt.SpeechEvent> {
    return Promise.reject(new Error('sound is heard as it comes'));
  }

  #adopt(model: stt.STT): void {
    // One that nobody listens to would end the process; what failed is seen from the stream that ended.
    model.on('error', () => undefined);
    model.on('metrics_collected', (metrics) =>
      this.emit('metrics_collected', { ...metrics, metadata: { modelName: this.model } }),
    );
  }
}

const ONCE: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 3_000 };

interface Kept {
  readonly frame: AudioFrame;
  readonly atMs: number;
}

class HearingStream extends stt.SpeechStream {
  label = 'earshot.HearingStream';
  readonly #options: HearingOptions;
  readonly #onClose: () => void;
  #kept: Kept[] = [];
  #current: { readonly name: string; readonly stream: stt.SpeechStream } | null = null;
  #owed: NodeJS.Timeout | undefined;
  #unheard = 0;
  /** The stretch that is owed was given to another recogniser already. */
  #heardTwice = false;
  /** Something was understood since the stretch began: some services end a stretch before our VAD does. */
  #understood = false;
  #inputEnded = false;
  #changing = false;

  constructor(hearing: Hearing, options: HearingOptions, onClose: () => void) {
    super(hearing, undefined, ONCE);
    this.#options = options;
    this.#onClose = onClose;
  }

  stretchBegan(): void {
    this.#understood = false;
    clearTimeout(this.#owed);
    this.#owed = undefined;
  }

  /** A stretch of speech is over: something must be said of it in time. */
  owesWords(): void {
    this.#heardTwice = false;
    if (!this.#understood) this.#wait();
  }

  /** Goes on with another recogniser, now. */
  changeOver(): void {
    this.#changing = true;
    this.#current?.stream.close();
  }

  override close(): void {
    super.close();
    clearTimeout(this.#owed);
    this.#current?.stream.close();
    this.#onClose();
  }

  protected override async run(): Promise<void> {
    const { signal } = this.abortController;
    const pump = this.#pump();
    let troubleSinceMs: number | null = null;
    while (!signal.aborted && !this.#inputEnded) {
      const candidate = this.#options.roster.inOrder(Date.now())[0];
      if (candidate === undefined) return;
      const startedAtMs = Date.now();
      const said = await this.#listen(candidate);
      if (signal.aborted || this.#inputEnded) break;
      if (this.#changing) {
        this.#changing = false;
        continue;
      }
      // A service that closes what has long been open means no harm: it is opened again.
      if (said && Date.now() - startedAtMs > KEPT_MS) continue;
      this.#options.roster.failed(candidate.name, Date.now());
      if (said) troubleSinceMs = null;
      // From the failure on: it may have listened to nobody for as long as it liked.
      troubleSinceMs ??= Date.now();
      if (Date.now() - troubleSinceMs > GIVE_UP_MS) this.#outage();
      // A round ends where everybody is at rest.
      if (this.#options.roster.candidates.length === 1 || Date.now() - startedAtMs < ROUND_MS)
        await pause(ROUND_MS, signal);
    }
    await Promise.race([pump, sleep(0)]);
  }

  /** @returns whether anything was heard from it. Never throws. */
  async #listen({ name, model }: Candidate<stt.STT>): Promise<boolean> {
    const { roster, log } = this.#options;
    let said = false;
    let stream: stt.SpeechStream | null = null;
    try {
      stream = model.stream({ connOptions: ONCE });
      stream.startTimeOffset = this.startTimeOffset;
      this.#current = { name, stream };
      for (const { frame } of this.#kept) stream.pushFrame(frame);
      for await (const event of stream) {
        if (this.abortController.signal.aborted) break;
        if (isNews(event)) {
          if (!said) roster.served(name);
          said = true;
          this.#settle(event);
        }
        // Its cost comes with the recogniser's own metrics.
        if (event.type !== RECOGNITION_USAGE && !this.queue.closed) this.queue.put(event);
      }
      log.info('a recogniser stopped', { model: name });
    } catch (error) {
      log.warn('a model failed', { stage: 'hearing', model: name, name: errorName(error) });
    } finally {
      this.#current = null;
      stream?.close();
    }
    return said;
  }

  async #pump(): Promise<void> {
    for await (const item of this.input) {
      if (typeof item === 'symbol') {
        attempt(() => this.#current?.stream.flush());
        continue;
      }
      const nowMs = Date.now();
      this.#kept.push({ frame: item, atMs: nowMs });
      while ((this.#kept[0]?.atMs ?? nowMs) < nowMs - KEPT_MS) this.#kept.shift();
      attempt(() => this.#current?.stream.pushFrame(item));
    }
    this.#inputEnded = true;
    attempt(() => this.#current?.stream.endInput());
  }

  #wait(): void {
    clearTimeout(this.#owed);
    this.#owed = setTimeout(() => this.#nothingCame(), TRANSCRIPT_MS);
  }

  /** It hears: what was understood need not be heard again. */
  #settle({ type }: stt.SpeechEvent): void {
    this.#unheard = 0;
    const isOver = type === FINAL_TRANSCRIPT || type === RECOGNITION_USAGE;
    if (type === FINAL_TRANSCRIPT) this.#kept = [];
    if (isOver) {
      this.#understood = true;
      clearTimeout(this.#owed);
      this.#owed = undefined;
    } else if (this.#owed !== undefined) this.#wait();
  }

  /** Another one hears the stretch again; when that has no word for it either, it may have been no speech at all. */
  #nothingCame(): void {
    const { roster, log } = this.#options;
    const name = this.#current?.name ?? roster.serving;
    log.warn('a recogniser says nothing', { stage: 'hearing', model: name });
    if (this.#heardTwice) {
      this.#unheard++;
      if (this.#unheard >= UNHEARD_STRETCHES) this.#outage();
      return;
    }
    this.#heardTwice = true;
    roster.failed(name, Date.now());
    this.changeOver();
    this.#wait();
  }

  #outage(): void {
    if (this.#options.roster.exhausted()) this.#options.onOutage();
  }
}

/**
 * What comes from the service itself: words, or the count of its tokens for a noise it had no words for. Where a stretch begins and
 * ends, and how long the sound was, many plugins say of themselves.
 */
function isNews({ type, recognitionUsage }: stt.SpeechEvent): boolean {
  if (type === RECOGNITION_USAGE) return (recognitionUsage?.inputTokens ?? 0) > 0;
  return type !== stt.SpeechEventType.START_OF_SPEECH && type !== stt.SpeechEventType.END_OF_SPEECH;
}

/** A stream that is just closing takes nothing more; its successor gets the sound from what is kept. */
function attempt(push: () => void): void {
  try {
    push();
  } catch {
    // See above.
  }
}
