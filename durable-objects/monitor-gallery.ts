import type { CallEvent } from '../domain/call/fact.ts';
import type { CallState } from '../domain/call/state.ts';
import { hasEnded } from '../domain/call/state.ts';
import type { Sight } from '../domain/privacy/sight.ts';
import { eventsInSight, growingInSight } from '../domain/privacy/sight.ts';
import type { AgentActivity, Interim } from '../protocol/interim.ts';
import { closeCodes } from '../protocol/refusal.ts';
import type { ConnectionQuality } from '../protocol/supervision.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { sendInSight, sightNamed } from './authorisation.ts';
import { MONITOR, attachmentOf, close, send } from './sockets.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * A monitor pings every 10 s and gives up when its pong does not come in 5 s, as it does not when it is stuck behind what
 * it has not read. One that has not pinged for this long is not reading: it is closed, so that what waits for it is
 * bounded, and comes back with the last number it has (LEDGER-8).
 */
const STALLED_MS = 35_000;

/** Telling so many keeps the object busy for a millisecond (`npm run bench -- fan-out`: 20 µs each). */
const A_CROWD = 50;

/** Events in one message while a monitor catches up. */
const EVENTS_PER_MESSAGE = 200;

/**
 * Everyone who watches a call. A monitor names the last event it has and gets the rest once, in order, then live ones
 * (LEDGER-2). Words still being spoken are kept in memory only: an eviction loses nothing that counts.
 */
export class MonitorGallery {
  readonly #around: Surroundings;
  readonly #interims = new Map<string, Interim>();
  #activity: AgentActivity | null = null;
  #quality: ConnectionQuality | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  admit(
    socket: WebSocket,
    asked: URLSearchParams,
    call: CallState,
    read: (since: number) => CallEvent[],
  ): void {
    this.#around.accept(socket, MONITOR);
    const sight = sightNamed(asked.get('sight'));
    socket.serializeAttachment({
      kind: 'monitor',
      userId: asked.get('user') ?? '',
      sight,
      connectedAtMs: this.#around.nowMs(),
    });
    if (asked.get('v') !== String(PROTOCOL_VERSION)) {
      send(socket, {
        type: 'refused',
        code: 'protocol_unsupported',
        message: 'This page is too old: reload it.',
      });
      close(socket, closeCodes.protocolUnsupported, 'protocol not supported');
      return;
    }
    const { epoch } = call.request;
    const wanted = Number(asked.get('since') ?? 0);
    const has = Number.isSafeInteger(wanted) && wanted >= 0 ? wanted : 0;
    const otherEpoch = has > 0 && asked.get('epoch') !== epoch;
    const ahead = has > call.head;
    send(socket, {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      callId: call.request.callId,
      epoch,
      head: call.head,
      serverNowMs: this.#around.nowMs(),
      activity: hasEnded(call) ? null : this.#activity,
      quality: hasEnded(call) ? null : this.#quality,
      interims: [...this.#interims.values()].map((each) => growingInSight(each, sight)),
    });
    if (otherEpoch || ahead)
      send(socket, { type: 'reset', reason: otherEpoch ? 'otherEpoch' : 'aheadOfLedger' });
    const events = eventsInSight(read(otherEpoch || ahead ? 0 : has), sight);
    for (let from = 0; from < events.length; from += EVENTS_PER_MESSAGE) {
      send(socket, { type: 'events', events: events.slice(from, from + EVENTS_PER_MESSAGE) });
    }
  }

  /** Monitors only listen; whatever one says is refused and disturbs nobody else. */
  heard(socket: WebSocket): void {
    send(socket, {
      type: 'refused',
      code: 'read_only',
      message: 'Monitors only listen. Use the API for commands.',
    });
  }

  publish(events: readonly CallEvent[]): void {
    for (const event of events) {
      if (event.type === 'wordsSpoken') this.#interims.delete(event.utteranceId);
      if (event.type === 'callEnded' || event.type === 'agentLeft') this.#forget();
    }
    this.#broadcast((sight) => JSON.stringify({ type: 'events', events: eventsInSight(events, sight) }));
  }

  interim(interim: Interim): void {
    // One unfinished utterance a speaker: an older one that never became final is over.
    for (const [id, each] of this.#interims) if (each.speaker === interim.speaker) this.#interims.delete(id);
    this.#interims.set(interim.utteranceId, interim);
    this.#broadcast((sight) => JSON.stringify({ type: 'interim', interim: growingInSight(interim, sight) }));
  }

  activity(activity: AgentActivity): void {
    this.#activity = activity;
    this.#broadcast(() => JSON.stringify({ type: 'activity', activity }));
  }

  quality(quality: ConnectionQuality): void {
    this.#quality = quality;
    this.#broadcast(() => JSON.stringify({ type: 'quality', quality }));
  }

  get isCrowded(): boolean {
    return this.#around.sockets(MONITOR).length >= A_CROWD;
  }

  /** The ledger was rewritten under a new epoch: everyone comes back and begins anew (LEDGER-2). */
  startOver(): void {
    this.#forget();
    for (const socket of this.#around.sockets(MONITOR))
      close(socket, closeCodes.askAgain, 'the ledger was rewritten: begin anew');
  }

  /** Closes those who stopped reading. */
  check(nowMs: number): void {
    for (const socket of this.#around.sockets(MONITOR)) {
      const attachment = attachmentOf(socket);
      if (attachment?.kind !== 'monitor') continue;
      const heardAtMs = this.#around.lastPingAtMs(socket) ?? attachment.connectedAtMs;
      if (nowMs - heardAtMs > STALLED_MS)
        close(socket, closeCodes.tooSlow, 'no ping: come back and catch up');
    }
  }

  #forget(): void {
    this.#interims.clear();
    this.#activity = null;
    this.#quality = null;
  }

  #broadcast(write: (sight: Sight) => string): void {
    sendInSight(this.#around.sockets(MONITOR), this.#around.nowMs(), write);
  }
}
