import { DurableObject } from 'cloudflare:workers';
import type { CallInput } from '../domain/call/input.ts';
import type { Observe } from '../protocol/agent.ts';
import { callRefusals } from '../domain/call/refusal.ts';
import type { Env } from './env.ts';
import type { EventsPage, ObservationBatch, Taken } from './live-call.ts';
import { LiveCall } from './live-call.ts';
import { outsideOf } from './outside.ts';
import type { Surroundings } from './surroundings.ts';

/** The Durable Object of one call: gives a `LiveCall` its storage, clock, sockets and alarm, and nothing else. */
export class CallRoom extends DurableObject<Env> {
  readonly #live: LiveCall;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#live = new LiveCall(surroundingsOf(ctx), outsideOf(env));
    // Answered by the runtime without waking the object; its times tell whether an agent still lives.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  take(input: CallInput): Taken {
    return this.#live.take(input);
  }

  observe(session: string, observe: Observe): ReturnType<LiveCall['observe']> {
    return this.#live.observe(session, observe);
  }

  observeBatch(
    claims: { offer: number; hostId: string },
    batch: ObservationBatch,
  ): ReturnType<LiveCall['observeBatch']> {
    return this.#live.observeBatch(claims, batch);
  }

  events(since: number): EventsPage | null {
    return this.#live.events(since);
  }

  summary(): ReturnType<LiveCall['summary']> {
    return this.#live.summary();
  }

  transcript(): ReturnType<LiveCall['transcript']> {
    return this.#live.transcript();
  }

  parkedEffects(): ReturnType<LiveCall['parkedEffects']> {
    return this.#live.parkedEffects();
  }

  retryParkedEffects(): number {
    return this.#live.retryParkedEffects();
  }

  /** Looks at its deadlines as if the alarm had rung; for the sweep, which does not trust alarms alone. */
  async look(): Promise<void> {
    if (this.#live.exists) await this.#live.alarm();
  }

  /** Sockets, already authorised by the Worker: `/monitor?user=&since=&epoch=&v=` and `/agent?offer=&hostId=`. */
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

  override alarm(): Promise<void> {
    return this.#live.alarm();
  }
}

function surroundingsOf(ctx: DurableObjectState): Surroundings {
  const { storage } = ctx;
  return {
    sql: storage.sql,
    kv: storage.kv,
    transaction: (work) => storage.transactionSync(work),
    nowMs: () => Date.now(),
    setAlarm: (atMs) => void storage.setAlarm(atMs),
    background: (work) => ctx.waitUntil(work),
    later: (delayMs, work) => void setTimeout(work, delayMs),
    sockets: (tag) => ctx.getWebSockets(tag),
    accept: (socket, tag) => ctx.acceptWebSocket(socket, [tag]),
    lastPingAtMs: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null,
  };
}
