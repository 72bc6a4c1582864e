import { decodeMessage } from '../../../../protocol/codec.ts';
import { MonitorDownSchema } from '../../../../protocol/monitor.ts';
import { getEvents, monitorPath } from '../api/calls.ts';
import {
  advance,
  newLink,
  reasonOfClose,
  reasonOfStatus,
  shouldPoll,
  type Happening,
  type Link,
} from '../live/connection.ts';
import { LiveSocket } from '../live/live-socket.ts';
import { emptyLog, headOf, takeEvents, takeMessage, underEpoch, type CallLog } from './call-log.ts';
import { reasonOfRefusal } from '../live/refused.ts';

const POLL_EVERY_MS = 2_000;
/** A replay of a long call's ledger comes in larger messages than anything a client may send. */
const MAX_CHARS = 8 * 1024 * 1024;

/** Owns one call as it happens: its ledger folded, the words being spoken, and how far both can be trusted. */
export class CallFeed {
  readonly callId: string;
  #log = $state.raw<CallLog>(emptyLog);
  #link = $state.raw<Link>(newLink(Date.now()));
  #socket: LiveSocket | null = null;
  #pollTimer: ReturnType<typeof setTimeout> | undefined;
  /** Of the current polling; a new one for each, so that a late answer finds itself unwanted. */
  #polling: AbortController | null = null;

  readonly call = $derived(this.#log.call);
  readonly events = $derived(this.#log.events);
  readonly interims = $derived(this.#log.interims);
  readonly activity = $derived(this.#log.activity);
  readonly quality = $derived(this.#log.quality);
  readonly clockOffsetMs = $derived(this.#log.clockOffsetMs);

  constructor(callId: string) {
    this.callId = callId;
  }

  get link(): Link {
    return this.#link;
  }

  /** Starts listening; the returned function stops. */
  open(): () => void {
    this.#link = newLink(Date.now());
    this.#socket = new LiveSocket({
      path: () => this.#path(),
      text: (text) => this.#received(text),
      pong: () => this.#happened({ type: 'heard' }),
      lost: (code) =>
        this.#happened(
          code === null ? { type: 'lost' } : { type: 'closedForGood', reason: reasonOfClose(code) },
        ),
    });
    return () => this.#close();
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = null;
    this.#stopPolling();
  }

  #path(): string {
    return monitorPath(this.callId, headOf(this.#log), this.#log.epoch);
  }

  #received(text: string): void {
    const decoded = decodeMessage(MonitorDownSchema, text, MAX_CHARS);
    // A newer server may say things this page does not know; the ledger's numbers show whether one mattered.
    if (!decoded.ok) return;
    const { message } = decoded;
    if (message.type === 'refused') {
      const reason = reasonOfRefusal(message.code);
      if (reason !== null) this.#happened({ type: 'closedForGood', reason });
      return;
    }
    const { log, verdict } = takeMessage(this.#log, message, Date.now());
    this.#log = log;
    this.#happened({ type: message.type === 'hello' ? 'synced' : 'heard' });
    if (verdict === 'gap') this.#socket?.startOver();
  }

  #happened(happening: Happening): void {
    this.#link = advance(this.#link, happening, Date.now());
    if (this.#link.phase === 'final') this.#close();
    else if (!shouldPoll(this.#link)) this.#stopPolling();
    else if (this.#polling === null) {
      this.#polling = new AbortController();
      void this.#poll(this.#polling.signal);
    }
  }

  #stopPolling(): void {
    clearTimeout(this.#pollTimer);
    this.#polling?.abort();
    this.#polling = null;
  }

  /** Asks over HTTP every 2 s until the socket is back. */
  async #poll(signal: AbortSignal): Promise<void> {
    const reply = await getEvents(this.callId, headOf(this.#log), { signal });
    if (signal.aborted) return;
    let behind = false;
    if (reply.ok) {
      const sameLedger = this.#log.epoch === null || this.#log.epoch === reply.value.epoch;
      this.#log = underEpoch(this.#log, reply.value.epoch);
      const { log } = sameLedger ? takeEvents(this.#log, reply.value.events) : { log: this.#log };
      this.#log = { ...log, interims: [], activity: null, quality: null };
      behind = headOf(log) < reply.value.head && (!sameLedger || reply.value.events.length > 0);
      this.#happened({ type: 'polled' });
    } else {
      const reason = reasonOfStatus(reply.failure.status);
      if (reason !== null) this.#happened({ type: 'closedForGood', reason });
    }
    if (signal.aborted) return;
    this.#pollTimer = setTimeout(() => void this.#poll(signal), behind ? 0 : POLL_EVERY_MS);
  }
}
