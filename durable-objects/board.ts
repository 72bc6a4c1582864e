import { DurableObject } from 'cloudflare:workers';
import type { CallSummary } from '../domain/call/summary.ts';
import type { BoardDown, Seats } from '../protocol/board.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Env } from './env.ts';
import { close, send } from './sockets.ts';

/** Changes are gathered this long and sent as one delta. */
const TICK_MS = 200;
/** Ended calls stay on the board this long. */
const LINGER_MS = 120_000;

/**
 * The live board: a projection of every call in progress. Dashboards get a snapshot, then deltas numbered without gaps.
 * It holds nothing that the ledgers do not: an older row never replaces a newer one, and a lost row is announced again.
 */
export class Board extends DurableObject<Env> {
  readonly #calls = new Map<string, CallSummary>();
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();
  #version: number;
  #seats: Seats;
  #seatsChanged = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS row (call_id TEXT PRIMARY KEY, summary TEXT NOT NULL) WITHOUT ROWID',
    );
    for (const row of ctx.storage.sql.exec<{ summary: string }>('SELECT summary FROM row')) {
      const summary = JSON.parse(row.summary) as CallSummary;
      this.#calls.set(summary.callId, summary);
    }
    this.#version = ctx.storage.kv.get<number>('version') ?? 0;
    this.#seats = ctx.storage.kv.get<Seats>('seats') ?? { hosts: 0, seats: 0, taken: 0 };
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  announce(summary: CallSummary): void {
    const known = this.#calls.get(summary.callId);
    if (known !== undefined && known.head >= summary.head) return;
    // A late word of a call that has left the board does not bring it back.
    if (known === undefined && summary.endedAtMs !== null && Date.now() - summary.endedAtMs > LINGER_MS)
      return;
    this.#calls.set(summary.callId, summary);
    this.#changed.add(summary.callId);
    this.#removed.delete(summary.callId);
    this.#schedule();
    if (summary.phase === 'ended') void this.#sweepLater();
  }

  seats(seats: Seats): void {
    const known = this.#seats;
    if (known.hosts === seats.hosts && known.seats === seats.seats && known.taken === seats.taken) return;
    this.#seats = seats;
    this.#seatsChanged = true;
    this.#schedule();
  }

  live(): CallSummary[] {
    return [...this.#calls.values()].filter((call) => call.phase !== 'ended');
  }

  /** `?v=<protocol>`; already authorised by the Worker. */
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    // First, so that the newcomer's snapshot holds what waits and its first delta is the next number.
    this.#flush();
    this.ctx.acceptWebSocket(server);
    if (new URL(request.url).searchParams.get('v') !== String(PROTOCOL_VERSION)) {
      close(server, closeCodes.protocolUnsupported, 'protocol not supported');
    } else {
      const snapshot: BoardDown = {
        type: 'snapshot',
        protocol: PROTOCOL_VERSION,
        version: this.#version,
        serverNowMs: Date.now(),
        seats: this.#seats,
        calls: [...this.#calls.values()],
      };
      send(server, JSON.stringify(snapshot));
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(): void {
    // Dashboards only listen.
  }

  /** Takes ended calls off the board. */
  override async alarm(): Promise<void> {
    const nowMs = Date.now();
    for (const call of this.#calls.values()) {
      if (call.endedAtMs === null || nowMs - call.endedAtMs < LINGER_MS) continue;
      this.#calls.delete(call.callId);
      this.#changed.delete(call.callId);
      this.#removed.add(call.callId);
    }
    if (this.#removed.size > 0) this.#schedule();
    await this.#sweepLater();
  }

  async #sweepLater(): Promise<void> {
    const ends = [...this.#calls.values()].flatMap((call) =>
      call.endedAtMs === null ? [] : [call.endedAtMs],
    );
    if (ends.length === 0 || (await this.ctx.storage.getAlarm()) !== null) return;
    await this.ctx.storage.setAlarm(Math.max(Date.now() + TICK_MS, Math.min(...ends) + LINGER_MS));
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), TICK_MS);
  }

  /** Rows and version are written before anyone sees them, so that numbers go on without a gap after an eviction. */
  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#changed.size === 0 && this.#removed.size === 0 && !this.#seatsChanged) return;
    const calls = [...this.#changed].flatMap((callId) => this.#calls.get(callId) ?? []);
    const removed = [...this.#removed];
    const seatsChanged = this.#seatsChanged;
    this.#changed.clear();
    this.#removed.clear();
    this.#seatsChanged = false;
    this.#version += 1;
    this.ctx.storage.transactionSync(() => {
      const sql = this.ctx.storage.sql;
      for (const call of calls) {
        sql.exec(
          'INSERT OR REPLACE INTO row (call_id, summary) VALUES (?, ?)',
          call.callId,
          JSON.stringify(call),
        );
      }
      for (const callId of removed) sql.exec('DELETE FROM row WHERE call_id = ?', callId);
      this.ctx.storage.kv.put('version', this.#version);
      if (seatsChanged) this.ctx.storage.kv.put('seats', this.#seats);
    });
    const delta: BoardDown = {
      type: 'delta',
      version: this.#version,
      serverNowMs: Date.now(),
      seats: this.#seats,
      calls,
      removed,
    };
    const message = JSON.stringify(delta);
    for (const socket of this.ctx.getWebSockets()) send(socket, message);
  }
}
