import { DurableObject } from 'cloudflare:workers';
import type { NewNotice, Notice, NoticeKind, NoticesDown } from '../protocol/notices.ts';
import { SNAPSHOT_NOTICES } from '../protocol/notices.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { dismissPerson, sendToPerson } from './authorisation.ts';
import type { Env } from './env.ts';
import { PushPost } from './push-post.ts';
import { close } from './sockets.ts';
import { cutPage } from '../database/page.ts';

/** The newest are kept, so many; an id that has left is not recognised any more. */
const KEPT = 1_000;

interface Row extends Record<string, SqlStorageValue> {
  number: number;
  id: string;
  kind: string;
  severity: string;
  at_ms: number;
  call_id: string | null;
  sentence: string;
}

/**
 * What people are told of, numbered without gaps (NOTICE-1). Open pages hear of it at once and get a snapshot when they
 * connect; phones by web push. It also knows up to where each person has read.
 */
export class Notices extends DurableObject<Env> {
  readonly #push: PushPost;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS notice (
      number INTEGER PRIMARY KEY,
      id TEXT UNIQUE NOT NULL,
      kind TEXT NOT NULL,
      severity TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      call_id TEXT,
      sentence TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS reader (user_id TEXT PRIMARY KEY, read_up_to INTEGER NOT NULL) WITHOUT ROWID`);
    this.#push = new PushPost(env, ctx.storage.sql, (number) => this.#page(number + 1, 1)[0] ?? null);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Gives it a number and tells everyone. The same id again changes nothing (NOTICE-2). */
  async take(given: NewNotice): Promise<void> {
    const { sql } = this.ctx.storage;
    if (sql.exec('SELECT 1 FROM notice WHERE id = ?', given.id).toArray().length > 0) return;
    const notice: Notice = { ...given, number: this.#head + 1 };
    this.ctx.storage.transactionSync(() => {
      const { number, id, kind, severity, atMs, callId, sentence } = notice;
      sql.exec(
        'INSERT INTO notice (number, id, kind, severity, at_ms, call_id, sentence) VALUES (?, ?, ?, ?, ?, ?, ?)',
        number,
        id,
        kind,
        severity,
        atMs,
        callId,
        sentence,
      );
      sql.exec('DELETE FROM notice WHERE number <= ?', number - KEPT);
      this.#push.owe(number, Date.now());
    });
    this.#tell(this.ctx.getWebSockets(), { type: 'notice', notice });
    await this.#setAlarm();
  }

  /** Newest first, from before `beforeNumber`. */
  list(
    userId: string,
    beforeNumber: number | null,
    limit: number,
  ): { notifications: Notice[]; readUpTo: number; nextCursor: string | null } {
    const rows = this.#page(beforeNumber ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const { page, nextCursor } = cutPage(rows, limit, (last) => String(last.number));
    return { notifications: page, readUpTo: this.#readUpTo(userId), nextCursor };
  }

  /** Everything up to `upTo` was read by this person; it never goes back, nor beyond what there is. */
  read(userId: string, upTo: number): number {
    const before = this.#readUpTo(userId);
    const readUpTo = Math.max(before, Math.min(upTo, this.#head));
    if (readUpTo === before) return before;
    this.ctx.storage.sql.exec(
      'INSERT OR REPLACE INTO reader (user_id, read_up_to) VALUES (?, ?)',
      userId,
      readUpTo,
    );
    this.#tell(this.ctx.getWebSockets(userId), { type: 'read', readUpTo });
    return readUpTo;
  }

  /** Closes the pages of a person who may see less than before (ACCESS-13). */
  dismiss(userId: string): void {
    dismissPerson(this.ctx.getWebSockets(userId), userId);
  }

  /** `?v=<protocol>&user=<id>`; already authorised by the Worker. */
  override fetch(request: Request): Response {
    const { searchParams } = new URL(request.url);
    const userId = searchParams.get('user') ?? '';
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [userId]);
    server.serializeAttachment({ kind: 'monitor', userId, sight: 'masked', connectedAtMs: Date.now() });
    if (searchParams.get('v') !== String(PROTOCOL_VERSION)) {
      close(server, closeCodes.protocolUnsupported, 'protocol not supported');
    } else {
      this.#tell([server], {
        type: 'snapshot',
        protocol: PROTOCOL_VERSION,
        head: this.#head,
        serverNowMs: Date.now(),
        readUpTo: this.#readUpTo(userId),
        notices: this.#page(Number.MAX_SAFE_INTEGER, SNAPSHOT_NOTICES).reverse(),
      });
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(): void {
    // Pages only listen.
  }

  override async alarm(): Promise<void> {
    await this.#push.sendDue(Date.now());
    await this.#setAlarm();
  }

  async #setAlarm(): Promise<void> {
    const dueAtMs = this.#push.nextDueAtMs();
    if (dueAtMs !== null) await this.ctx.storage.setAlarm(Math.max(dueAtMs, Date.now()));
  }

  /** The newest is never removed, so that numbers go on without a gap. */
  get #head(): number {
    return (
      this.ctx.storage.sql.exec<{ head: number | null }>('SELECT max(number) AS head FROM notice').one()
        .head ?? 0
    );
  }

  #readUpTo(userId: string): number {
    return (
      this.ctx.storage.sql
        .exec<{ read_up_to: number }>('SELECT read_up_to FROM reader WHERE user_id = ?', userId)
        .toArray()[0]?.read_up_to ?? 0
    );
  }

  #page(beforeNumber: number, limit: number): Notice[] {
    return this.ctx.storage.sql
      .exec<Row>('SELECT * FROM notice WHERE number < ? ORDER BY number DESC LIMIT ?', beforeNumber, limit)
      .toArray()
      .map((row) => ({
        number: row.number,
        id: row.id,
        kind: row.kind as NoticeKind,
        severity: row.severity as Notice['severity'],
        atMs: row.at_ms,
        callId: row.call_id,
        sentence: row.sentence,
      }));
  }

  #tell(sockets: readonly WebSocket[], message: NoticesDown): void {
    const text = JSON.stringify(message);
    const nowMs = Date.now();
    for (const socket of sockets) sendToPerson(socket, text, nowMs);
  }
}
