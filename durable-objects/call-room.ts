import { DurableObject } from 'cloudflare:workers';
import type { CallRequested } from '../domain/call/fact.ts';
import type { CallInput } from '../domain/call/input.ts';
import type { CallState } from '../domain/call/state.ts';
import type { RecordingsOfCall } from '../domain/call/recordings.ts';
import { settlementOf } from '../domain/dial/settlement.ts';
import type { Observed } from '../protocol/agent.ts';
import { callRefusals } from '../domain/call/refusal.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { dismissPerson } from './authorisation.ts';
import type { Told } from './call-profile.ts';
import type { BoardRow } from './board-row.ts';
import { boardRowOf } from './board-row.ts';
import type { CallNews } from './dialer/dialer-surroundings.ts';
import type { Env } from './env.ts';
import type { Erased, ErasureWish } from './eraser.ts';
import type { EventsPage } from './journal.ts';
import type { ObservationBatch, Taken } from './live-call.ts';
import { judgeCall } from './judge-call.ts';
import { LiveCall } from './live-call.ts';
import { outsideOf } from './outside.ts';
import { keepRehearsal, keptProfile, keptRehearsal } from './call-profile.ts';
import { MONITOR, close } from './sockets.ts';
import { letUseTools } from './tool-gate.ts';
import type { Surroundings } from './surroundings.ts';

/** The Durable Object of one call: gives a `LiveCall` its storage, clock, sockets and alarm, and nothing else. */
export class CallRoom extends DurableObject<Env> {
  #live: LiveCall;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#live = new LiveCall(surroundingsOf(ctx), outsideOf(env));
    // Answered by the runtime without waking the object; its times tell whether an agent still lives.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Begins the call. It keeps this profile whatever becomes of it; the same request again changes nothing. */
  request(request: Omit<CallRequested, 'type'>, ...told: Told): Taken {
    return this.#live.request(request, ...told);
  }

  /** Before it is requested. */
  rehearse(lines: readonly string[]): void {
    if (!this.#live.exists) keepRehearsal(this.ctx.storage, lines);
  }

  take(input: CallInput): Taken {
    return this.#live.take(input);
  }

  observe(session: string, observed: Observed): ReturnType<LiveCall['observe']>[number] {
    const [answer] = this.#live.observe([{ ...observed, session }]);
    if (answer === undefined) throw new Error('each observation has an answer');
    return answer;
  }

  observeBatch(
    claims: { offer: number; hostId: string },
    batch: ObservationBatch,
  ): ReturnType<LiveCall['observeBatch']> {
    return this.#live.observeBatch(claims, batch);
  }

  /** Whether whoever shows these claims may use tools now, and which profile says which (TOOL-1). */
  letUseTools(claims: { offer: number; hostId: string }): ReturnType<typeof letUseTools> {
    const call = this.#live.state;
    const { storage } = this.ctx;
    return letUseTools(call, claims, () => ({
      profile: keptProfile(storage, call?.request.profile ?? ''),
      rehearsal: keptRehearsal(storage) !== null,
    }));
  }

  events(since: number): EventsPage | null {
    return this.#live.events(since);
  }

  summary(): ReturnType<LiveCall['summary']> {
    return this.#live.summary();
  }

  /** Its room at the media server; null when there is no such call. */
  roomName(): string | null {
    return this.#live.state?.request.room ?? null;
  }

  /** For its dialer, which may not have heard of the end. */
  news(): CallNews {
    const call = this.#live.state;
    return call === null ? 'unknown' : (settlementOf(call) ?? 'goingOn');
  }

  boardRow(): BoardRow | null {
    const summary = this.#live.summary();
    return summary === null ? null : boardRowOf(summary);
  }

  transcript(): CallState['transcript'] | null {
    return this.#live.state?.transcript ?? null;
  }

  /** What there is of its sound; null: no such call. */
  recordings(): RecordingsOfCall | null {
    const call = this.#live.state;
    return call === null ? null : { erased: call.erased?.words === true, recordings: call.recordings ?? [] };
  }

  parkedEffects(): ReturnType<LiveCall['parkedEffects']> {
    return this.#live.parkedEffects();
  }

  retryParkedEffects(): number {
    return this.#live.retryParkedEffects();
  }

  erase(wish: ErasureWish): Promise<Erased> {
    return this.#live.erase(wish);
  }

  /** The call goes altogether (PRIVACY-8). @returns false while it is in progress */
  async remove(): Promise<boolean> {
    const phase = this.#live.summary()?.phase ?? 'ended';
    if (phase !== 'ended') return false;
    for (const socket of this.ctx.getWebSockets()) close(socket, closeCodes.unknown, 'the call was removed');
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#live = new LiveCall(surroundingsOf(this.ctx), outsideOf(this.env));
    return true;
  }

  /** Looks at its deadlines as if the alarm had rung; for the sweep, which does not trust alarms alone. */
  look(): void {
    if (this.#live.exists) this.#live.alarm();
  }

  /** Has a model say what the call came to, where that is owed. */
  async judge(): Promise<void> {
    const call = this.#live.state;
    if (call !== null) await judgeCall(this.env, call);
  }

  /** Closes the monitors of a person who may see less than before, and ends their taking part (LISTEN-4). */
  dismiss(userId: string): void {
    dismissPerson(this.ctx.getWebSockets(MONITOR), userId);
    if (this.#live.exists) this.#live.take({ type: 'withdrawSeats', by: `user:${userId}` });
  }

  /** Sockets, already authorised by the Worker: `/monitor?user=&sight=&since=&epoch=&v=` and `/agent?offer=&hostId=`. */
  override fetch(request: Request): Response {
    if (!this.#live.exists) return new Response(callRefusals.call_unknown, { status: 404 });
    const { pathname, searchParams } = new URL(request.url);
    const { 0: client, 1: server } = new WebSocketPair();
    if (pathname === '/agent') this.#live.admitAgent(server, searchParams);
    else this.#live.admitMonitor(server, searchParams);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#live.heard(socket, message);
  }

  override webSocketClose(socket: WebSocket): void {
    this.#live.dropped(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#live.dropped(socket);
  }

  override alarm(): void {
    this.#live.alarm();
  }
}

function surroundingsOf(ctx: DurableObjectState): Surroundings {
  const { storage } = ctx;
  return {
    sql: storage.sql,
    kv: storage.kv,
    transaction: (work) => storage.transactionSync(work),
    written: () => storage.sync(),
    nowMs: () => Date.now(),
    setAlarm: (atMs) => void storage.setAlarm(atMs),
    background: (work) => ctx.waitUntil(work),
    later: (delayMs, work) => void setTimeout(work, delayMs),
    sockets: (tag) => ctx.getWebSockets(tag),
    accept: (socket, tag) => ctx.acceptWebSocket(socket, [tag]),
    lastPingAtMs: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null,
  };
}
