import type { APIConnectOptions } from '@livekit/agents';
import { llm } from '@livekit/agents';
import type { Log } from '../../log.ts';
import { firstThatServes } from './first-that-serves.ts';
import { FIRST_TOKEN_MS, NEXT_TOKEN_MS, within } from './patience.ts';
import type { Candidate, Roster } from './roster.ts';

type ChatOptions = Parameters<llm.LLM['chat']>[0];

export interface ThinkingOptions {
  readonly roster: Roster<llm.LLM>;
  /** No model answers any more. */
  readonly onOutage: () => void;
  readonly log: Log;
}

/** Each try once: who is asked next is decided here. */
const ONCE: APIConnectOptions = { maxRetry: 0, retryIntervalMs: 0, timeoutMs: FIRST_TOKEN_MS };

/**
 * Language models that stand in for one another, also in the middle of an answer (MODEL-1).
 *
 * The framework's own adapter (1.9.0) knows no time between two pieces of an answer, gives an answer up that had begun, asks one
 * that failed a single time more, counts tokens twice, and says nothing when all have failed.
 */
export class Thinking extends llm.LLM {
  readonly #options: ThinkingOptions;

  constructor(options: ThinkingOptions) {
    super();
    this.#options = options;
    for (const { model } of options.roster.candidates) unheard(model);
  }

  label(): string {
    return 'earshot.Thinking';
  }

  /** In usage reports: who answers now. */
  override get model(): string {
    return this.#options.roster.serving;
  }

  override chat(options: ChatOptions): llm.LLMStream {
    return new Answer(this, this.#options, options);
  }

  override prewarm(): void {
    this.#options.roster.inOrder(Date.now())[0]?.model.prewarm();
  }

  override async aclose(): Promise<void> {
    await Promise.all(this.#options.roster.candidates.map(({ model }) => model.aclose()));
    await super.aclose();
  }
}

/** An `error` that nobody listens to would end the process; what failed is seen from the stream that ended. */
function unheard(model: llm.LLM): void {
  model.on('error', () => undefined);
}

class Answer extends llm.LLMStream {
  readonly #options: ThinkingOptions;
  readonly #chat: ChatOptions;
  /** What the customer may have heard of the answer. */
  #said = '';
  #acts = false;

  constructor(thinking: Thinking, options: ThinkingOptions, chat: ChatOptions) {
    super(thinking, { chatCtx: chat.chatCtx, toolCtx: chat.toolCtx ?? [], connOptions: ONCE });
    this.#options = options;
    this.#chat = chat;
  }

  protected override async run(): Promise<void> {
    const { roster, onOutage, log } = this.#options;
    const served = await firstThatServes({
      stage: 'thinking',
      roster,
      signal: this.abortController.signal,
      log,
      attempt: (candidate, leftMs, isLast) =>
        this.#ask(candidate, isLast ? leftMs : Math.min(leftMs, FIRST_TOKEN_MS)),
    });
    // Nothing is thrown: the session would end for it, without a word.
    if (!served && roster.exhausted()) onOutage();
  }

  async #ask({ name, model }: Candidate<llm.LLM>, patienceMs: number): Promise<void> {
    const { signal } = this.abortController;
    const { roster } = this.#options;
    let failure: Error | null = null;
    const failed = ({ error }: { error: Error }): void => void (failure = error);
    model.on('error', failed);
    const stream = model.chat({ ...this.#chat, chatCtx: this.#context(), connOptions: ONCE });
    let isComplete = false;
    let waitsMs = patienceMs;
    try {
      for (;;) {
        const { value: chunk, done } = await within(stream.next(), waitsMs, signal);
        if (done === true) break;
        if (!isComplete && hasContent(chunk)) roster.served(name);
        waitsMs = NEXT_TOKEN_MS;
        isComplete ||= chunk.usage !== undefined;
        this.#take(chunk);
      }
    } catch (error) {
      // What it was to do it does; the words that were to follow come with the next answer.
      if (this.#acts && !signal.aborted) return roster.failed(name, Date.now());
      throw error;
    } finally {
      model.off('error', failed);
      stream.close();
    }
    // Another answer of the same model may have failed beside this one: one with its token count is whole.
    if (failure !== null && !isComplete && !this.#acts) throw failure as Error;
    if (!isComplete && this.#said === '' && !this.#acts) return;
    roster.served(name);
  }

  #take(chunk: llm.ChatChunk): void {
    this.#said += chunk.delta?.content ?? '';
    this.#acts ||= (chunk.delta?.toolCalls?.length ?? 0) > 0;
    this.queue.put(chunk);
  }

  /** An answer that broke off is carried on, not begun anew: its beginning was spoken already. */
  #context(): llm.ChatContext {
    if (this.#said.trim() === '') return this.#chat.chatCtx;
    const context = this.#chat.chatCtx.copy();
    context.addMessage({ role: 'assistant', content: this.#said });
    context.addMessage({ role: 'system', content: CARRY_ON });
    if (!/\s$/.test(this.#said)) this.queue.put({ id: 'rest', delta: { role: 'assistant', content: ' ' } });
    return context;
  }
}

const CARRY_ON =
  'Your answer above broke off while it was being spoken. Say only what is missing, beginning exactly where it stops. Repeat nothing.';

const hasContent = ({ delta }: llm.ChatChunk): boolean =>
  (delta?.content ?? '') !== '' || (delta?.toolCalls?.length ?? 0) > 0;
