import {
  beginImport,
  beginSuppressionImport,
  cancelImport,
  finishImport,
  sendChunk,
  type Import,
  type Mapping,
} from '../../../../protocol/api/imports.ts';
import type { Reply } from '../../../../protocol/client/failure.ts';
import { api } from '../api/client.ts';
import { explain, type Explanation } from '../api/explain.ts';
import type { FromReader, Opened, ToReader } from './messages.ts';

/** Waits before a chunk that could not be sent is sent again; then a person decides. */
const TRY_AGAIN_MS = [500, 2_000, 5_000];

type Stage = 'choose' | 'reading' | 'map' | 'sending' | 'paused' | 'ended';

/**
 * One file on its way in: read by a worker, sent in chunks, each of which the server counts once (IMPORT-1). It owns the
 * worker; `close` ends it. After a reload the same file goes on where the server says.
 */
export class FileImport {
  stage = $state<Stage>('choose');
  opened = $state.raw<Opened | null>(null);
  file = $state.raw<File | null>(null);
  /** As the server last told it: the only counts that are shown. */
  import = $state.raw<Import | null>(null);
  problem = $state.raw<Explanation | null>(null);
  bytesRead = $state(0);
  readonly #campaignId: string | null;
  #reader: Worker | null = null;
  #waiting: ((message: FromReader) => void) | null = null;
  /** Raised with each pause, cancel and new file: a loop of before ends at its next step. */
  #run = 0;

  /** Null: numbers that are not to be called. */
  constructor(campaignId: string | null) {
    this.#campaignId = campaignId;
  }

  /** 0 to 1, by what was read and sent. */
  get progress(): number {
    return this.file === null || this.file.size === 0 ? 0 : Math.min(1, this.bytesRead / this.file.size);
  }

  async choose(file: File): Promise<void> {
    this.close();
    this.file = file;
    this.import = null;
    this.opened = null;
    this.problem = null;
    this.stage = 'reading';
    const run = this.#run;
    const first = await this.#ask({ type: 'open', file });
    if (run !== this.#run) return;
    if (first.type === 'opened') {
      this.opened = first;
      this.stage = 'map';
    } else {
      this.stage = 'choose';
      this.#refused(first.type === 'refused' ? first.why : 'The file could not be read.');
    }
  }

  /** Begins, or goes on with what of this file is there already: then the mapping of before stands. */
  async start(mapping: Mapping): Promise<void> {
    const { file, opened } = this;
    if (file === null || opened === null) return;
    const body = { fileName: file.name, fileBytes: file.size, fingerprint: opened.fingerprint, mapping };
    this.problem = null;
    const campaignId = this.#campaignId;
    const reply =
      campaignId === null
        ? await api(beginSuppressionImport, { body })
        : await api(beginImport, { params: { campaignId }, body });
    if (!reply.ok) {
      this.problem = explain('The import did not begin.', reply.failure);
      return;
    }
    this.import = reply.value.import;
    await this.resume();
  }

  async resume(): Promise<void> {
    const { file } = this;
    const begun = this.import;
    if (begun === null || file === null) return;
    const { importId, nextChunk } = begun;
    this.problem = null;
    this.stage = 'sending';
    const run = ++this.#run;
    // A new worker: the one before may still owe an answer that nobody waits for.
    this.#endReader();
    let message = await this.#ask({ type: 'from', file, chunk: nextChunk });
    while (run === this.#run && message.type === 'chunk') {
      const { chunk, firstRow, rows, unreadable, bytesRead } = message;
      // Read on while this one is sent.
      const next = this.#ask({ type: 'next' });
      const params = { importId, chunk: String(chunk) };
      const sent: { import: Import } | null = await this.#persist<{ import: Import }>(run, () =>
        api(sendChunk, { params, body: { firstRow, rows, unreadable } }),
      );
      if (sent === null) return;
      this.import = sent.import;
      this.bytesRead = bytesRead;
      message = await next;
    }
    if (run !== this.#run) return;
    if (message.type === 'refused') {
      this.stage = 'paused';
      this.#refused(message.why);
      return;
    }
    await this.#end(finishImport);
  }

  pause(): void {
    this.#run++;
    this.stage = 'paused';
  }

  async cancel(): Promise<void> {
    this.#run++;
    await this.#end(cancelImport);
  }

  close(): void {
    this.#run++;
    this.#endReader();
    this.bytesRead = 0;
  }

  #endReader(): void {
    this.#reader?.terminate();
    this.#reader = null;
    this.#waiting = null;
  }

  async #end(contract: typeof finishImport | typeof cancelImport): Promise<void> {
    if (this.import === null) return;
    const reply = await api(contract, { params: { importId: this.import.importId } });
    if (reply.ok) {
      this.import = reply.value.import;
      this.stage = 'ended';
      this.#endReader();
    } else {
      this.stage = 'paused';
      this.problem = explain('The import did not end.', reply.failure);
    }
  }

  /** Sends until it is taken: a chunk that arrived and whose answer was lost is not counted again. */
  async #persist<T>(run: number, send: () => Promise<Reply<T>>): Promise<T | null> {
    for (let tries = 0; ; tries++) {
      const reply = await send();
      if (run !== this.#run) return null;
      if (reply.ok) return reply.value;
      const wait = TRY_AGAIN_MS[tries];
      if (
        wait === undefined ||
        (reply.failure.status >= 400 && reply.failure.status < 500 && reply.failure.status !== 429)
      ) {
        this.pause();
        this.problem = explain('The import stopped.', reply.failure);
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (run !== this.#run) return null;
    }
  }

  #refused(why: string): void {
    this.problem = {
      what: 'The file was not taken.',
      why,
      todo: 'Correct it, or save it anew as CSV, and choose it again.',
      requestId: null,
    };
  }

  /** One question at a time; an answer of a worker that was ended never comes, and nobody waits for it any more. */
  #ask(message: ToReader): Promise<FromReader> {
    this.#reader ??= this.#startReader();
    const reader = this.#reader;
    return new Promise((resolve) => {
      this.#waiting = resolve;
      reader.postMessage(message);
    });
  }

  #startReader(): Worker {
    // The bundler must see the address; nothing reacts to it.
    // eslint-disable-next-line svelte/prefer-svelte-reactivity
    const reader = new Worker(new URL('./read-file.worker.ts', import.meta.url), { type: 'module' });
    const answer = (message: FromReader): void => {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting?.(message);
    };
    reader.addEventListener('message', (event: MessageEvent<FromReader>) => answer(event.data));
    reader.addEventListener('error', () => answer({ type: 'refused', why: 'The file could not be read.' }));
    return reader;
  }
}
