import { AccessToken } from 'livekit-server-sdk';
import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RecordingNews } from '../../../domain/call/recording.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { backoffMs } from '../backoff.ts';
import { Home } from './home.ts';
import type { RecorderNews, RecorderOrder } from './messages.ts';
import { Spool } from './spool.ts';
import { Telling } from './telling.ts';
import { Uploads } from './uploads.ts';

/** Good for the first connect only. */
const TOKEN_S = 60;
/** A pause that is not carried out by then has failed: whoever asked must know at once. */
const ORDER_MS = 2_000;
/** The recorder goes on for an agent's successor on this host; elsewhere another recorder has begun by then. */
export const AFTER_AGENT_LOST_MS = 20_000;
/** The room is closed a moment after the agent has left. */
export const AFTER_SERVED_MS = 4_000;
/** After so many failures in a row the ledger is told why. */
const TRIES_BEFORE_TOLD = 3;
const LONGEST_PAUSE_MS = 10_000;
/** What is spooled at the end of a drain may take this long to be brought home; the rest waits for the next host. */
const LAST_UPLOADS_MS = 30_000;

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

interface RecordedCall {
  readonly callId: string;
  readonly room: string;
  /** Null while none is recorded: it is about to begin again. */
  recordingId: string | null;
  paused: boolean;
  failures: number;
  ending: NodeJS.Timeout | undefined;
  retry: NodeJS.Timeout | undefined;
  /** Who waits to hear that it is paused, or goes on. */
  waiting: { readonly until: 'paused' | 'resumed'; readonly heard: () => void }[];
}

/**
 * This host's recorder: one process for all its calls, apart from the jobs, which may be killed at any time while the sound
 * goes on. When it dies it is started again, and each call gets a further recording.
 */
export class Recorder {
  readonly #config: Config;
  readonly #hostId: string;
  readonly #log: Log;
  readonly #calls = new Map<string, RecordedCall>();
  /** By the recorder's process now; what it was writing when it died is finished by this one. */
  readonly #writing = new Map<string, string>();
  readonly #spool: Spool;
  readonly #telling: Telling;
  readonly #uploads: Uploads;
  #child: ChildProcess | null = null;
  #stopping = false;

  constructor(config: Config, hostId: string, log: Log) {
    this.#config = config;
    this.#hostId = hostId;
    this.#log = log;
    const home = new Home(config.workerUrl, config.agentHostKey);
    this.#spool = new Spool(config.spoolDir);
    this.#telling = new Telling(home, hostId);
    this.#uploads = new Uploads(this.#spool, home, () => new Set(this.#writing.keys()), log);
  }

  /** What an earlier life of this host left is brought home first. Never throws: calls are taken without a spool too. */
  async start(): Promise<void> {
    await this.#spool
      .prepare()
      .catch(() =>
        this.#log.warn('the spool cannot be made: recordings fail', { dir: this.#config.spoolDir }),
      );
    void this.#uploads.look();
    this.#startProcess();
  }

  /** The process that records; null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Records this call from now on, once however often it is asked. */
  record(callId: string, room: string, paused: boolean): void {
    const known = this.#calls.get(callId);
    if (known !== undefined) {
      clearTimeout(known.ending);
      return;
    }
    const call: RecordedCall = {
      ...{ callId, room, paused, recordingId: null, failures: 0 },
      ...{ ending: undefined, retry: undefined, waiting: [] },
    };
    this.#calls.set(callId, call);
    void this.#begin(call);
  }

  /** Silence from now on, or sound again. It holds for every recorder of this call (REC-4). */
  async pause(callId: string, paused: boolean): Promise<Outcome> {
    const call = this.#calls.get(callId);
    // Nothing of it is kept, so nothing is to be kept out.
    if (call === undefined) return { ok: true };
    call.paused = paused;
    if (call.recordingId === null) return { ok: true };
    const told = new Promise<void>((heard) =>
      call.waiting.push({ until: paused ? 'paused' : 'resumed', heard }),
    );
    this.#order({ type: paused ? 'pause' : 'resume', recordingId: call.recordingId });
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, ORDER_MS, 'late').unref());
    if ((await Promise.race([told, late])) !== 'late') return { ok: true };
    return { ok: false, reason: 'the recorder did not answer' };
  }

  /** No agent of this host serves it any more. */
  leave(callId: string, afterMs: number): void {
    const call = this.#calls.get(callId);
    if (call === undefined) return;
    clearTimeout(call.ending);
    call.ending = setTimeout(() => this.#endCall(call), afterMs);
  }

  /** Ends what is recorded and gives the uploads a moment; what is left waits in the spool. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const call of [...this.#calls.values()]) this.#endCall(call);
    const untilMs = Date.now() + LAST_UPLOADS_MS;
    while (Date.now() < untilMs) {
      await this.#uploads.look();
      if (this.#writing.size === 0 && (await this.#uploads.isEmpty())) break;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    this.#uploads.stop();
    this.#child?.disconnect();
  }

  #endCall(call: RecordedCall): void {
    clearTimeout(call.ending);
    clearTimeout(call.retry);
    this.#calls.delete(call.callId);
    if (call.recordingId !== null) this.#order({ type: 'end', recordingId: call.recordingId });
  }

  #startProcess(): void {
    const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [this.#config.spoolDir], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: withoutSecrets(process.env),
    });
    this.#child = child;
    child.on('message', (news: RecorderNews) => this.#heard(news));
    child.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = null;
      void this.#processGone(`${code ?? signal ?? ''}`);
    });
  }

  async #processGone(how: string): Promise<void> {
    if (this.#stopping && this.#writing.size === 0) return;
    this.#log.warn('the recorder ended, starting it again', { how, recordings: this.#writing.size });
    for (const [recordingId, callId] of [...this.#writing]) {
      const note = await this.#spool.read({ callId, recordingId });
      if (note !== null) await this.#spool.finish(note).catch(() => null);
      this.#writing.delete(recordingId);
    }
    void this.#uploads.look();
    if (this.#stopping) return;
    await new Promise((resolve) => setTimeout(resolve, backoffMs(0, 200)));
    this.#startProcess();
    for (const call of this.#calls.values()) {
      call.recordingId = null;
      void this.#begin(call);
    }
  }

  async #begin(call: RecordedCall): Promise<void> {
    const { callId, room, paused } = call;
    const recordingId = randomUUID();
    call.recordingId = recordingId;
    this.#writing.set(recordingId, callId);
    const { url, apiKey, apiSecret } = this.#config.livekit;
    const token = new AccessToken(apiKey, apiSecret, { identity: `recorder-${recordingId}`, ttl: TOKEN_S });
    // `recorder` shows in the room that it is recorded, and hears whatever others were denied.
    token.addGrant({
      ...{ roomJoin: true, room, hidden: true, recorder: true },
      ...{ canPublish: false, canPublishData: false, canSubscribe: true },
    });
    const begin: RecorderOrder = {
      ...{ type: 'begin', callId, recordingId, hostId: this.#hostId, url, paused },
      token: await token.toJwt(),
    };
    this.#order(begin);
  }

  #order(order: RecorderOrder): void {
    if (this.#child?.connected) this.#child.send(order);
  }

  #heard(news: RecorderNews): void {
    const { recordingId } = news;
    const call = [...this.#calls.values()].find((each) => each.recordingId === recordingId);
    const callId = call?.callId ?? this.#writing.get(recordingId);
    if (callId === undefined) return;
    switch (news.type) {
      case 'begun':
        if (call !== undefined) call.failures = 0;
        this.#tell(callId, {
          ...{ type: 'recordingBegun', recordingId, recorder: 'host' },
          ...{ hostId: this.#hostId, startedAtMs: news.startedAtMs },
        });
        // It was asked for while it was on its way.
        if (call?.paused === true) this.#order({ type: 'pause', recordingId });
        return;
      case 'paused':
      case 'resumed':
        if (call !== undefined) answerWaiting(call, news.type);
        this.#tell(callId, {
          type: news.type === 'paused' ? 'recordingPaused' : 'recordingResumed',
          recordingId,
        });
        return;
      case 'ended':
        this.#writing.delete(recordingId);
        void this.#uploads.look();
        if (call === undefined) return;
        if (news.callOver) this.#endCall({ ...call, recordingId: null });
        else this.#beginLater(call);
        return;
      case 'failed':
        this.#failed(callId, call, news);
    }
  }

  #failed(
    callId: string,
    call: RecordedCall | undefined,
    { recordingId, reason }: Extract<RecorderNews, { type: 'failed' }>,
  ): void {
    this.#writing.delete(recordingId);
    if (call === undefined) return;
    call.failures++;
    if (call.failures === TRIES_BEFORE_TOLD)
      this.#tell(callId, { type: 'recordingFailed', recordingId, reason });
    this.#beginLater(call);
  }

  #beginLater(call: RecordedCall): void {
    if (this.#stopping) return;
    call.recordingId = null;
    clearTimeout(call.retry);
    call.retry = setTimeout(() => void this.#begin(call), backoffMs(call.failures, 500, LONGEST_PAUSE_MS));
  }

  #tell(callId: string, news: RecordingNews): void {
    this.#telling.tell(callId, news);
  }
}

/** Each order brings its own token: the recorder needs no key of ours. */
const withoutSecrets = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !/KEY|SECRET|TOKEN/.test(name)));

function answerWaiting(call: RecordedCall, kind: 'paused' | 'resumed'): void {
  for (const each of call.waiting) if (each.until === kind) each.heard();
  call.waiting = call.waiting.filter((each) => each.until !== kind);
}
