import { uuidv7 } from 'uuidv7';
import { TRIED_FOR_MS, nextTryAtMs } from '../domain/webhook/schedule.ts';
import type { Attempt, Delivery, DeliveryError, DeliveryState } from '../protocol/api/webhooks.ts';
import type { Posted } from './webhook-post.ts';
import { cutPage } from '../database/page.ts';

/** Settled deliveries are kept this long (HOOK-5). */
export const KEPT_MS = 30 * 86_400_000;

export interface Owed {
  readonly messageId: string;
  readonly event: string;
  readonly callId: string | null;
  readonly body: string;
  /** Tried once and not again. */
  readonly once?: boolean;
}

/** What a try needs to know. */
export interface DueDelivery {
  readonly id: string;
  readonly messageId: string;
  readonly event: string;
  readonly body: string;
}

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  message_id: string;
  event: string;
  body: string;
  owed_at_ms: number;
  deadline_at_ms: number;
  state: string;
  due_at_ms: number;
  tries: number;
  failures: number;
  settled_at_ms: number | null;
  last_error: string | null;
}

/** What an endpoint is owed and what became of it: at least once, under one id, until delivered or dead (HOOK-5). */
export class WebhookDeliveries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS delivery (
      seq INTEGER PRIMARY KEY,
      id TEXT UNIQUE NOT NULL,
      message_id TEXT UNIQUE NOT NULL,
      event TEXT NOT NULL,
      call_id TEXT,
      body TEXT NOT NULL,
      owed_at_ms INTEGER NOT NULL,
      deadline_at_ms INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
      due_at_ms INTEGER NOT NULL,
      tries INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      settled_at_ms INTEGER,
      last_error TEXT,
      CHECK ((state = 'pending') = (settled_at_ms IS NULL))
    );
    CREATE INDEX IF NOT EXISTS delivery_by_state ON delivery (state, due_at_ms);
    CREATE TABLE IF NOT EXISTS attempt (
      delivery_id TEXT NOT NULL,
      number INTEGER NOT NULL,
      at_ms INTEGER NOT NULL,
      duration_ms INTEGER NOT NULL,
      status INTEGER,
      response_bytes INTEGER,
      error TEXT,
      PRIMARY KEY (delivery_id, number)
    ) WITHOUT ROWID`);
  }

  /** The same message again changes nothing. @returns its delivery's id */
  owe({ messageId, event, callId, body, once }: Owed, nowMs: number): string {
    const known = this.#sql
      .exec<{ id: string }>('SELECT id FROM delivery WHERE message_id = ?', messageId)
      .toArray()[0];
    if (known !== undefined) return known.id;
    const id = uuidv7();
    this.#sql.exec(
      `INSERT INTO delivery (id, message_id, event, call_id, body, owed_at_ms, deadline_at_ms, state, due_at_ms, tries, failures)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, 0, 0)`,
      id,
      messageId,
      event,
      callId,
      body,
      nowMs,
      once === true ? nowMs : nowMs + TRIED_FOR_MS,
      nowMs,
    );
    return id;
  }

  /** The earliest that is due and not in `without`. */
  nextDue(nowMs: number, without: ReadonlySet<string>): DueDelivery | null {
    const rows = this.#sql.exec<Row>(
      `SELECT * FROM delivery WHERE state = 'pending' AND due_at_ms <= ? ORDER BY due_at_ms, seq LIMIT ?`,
      nowMs,
      without.size + 1,
    );
    for (const { id, message_id: messageId, event, body } of rows)
      if (!without.has(id)) return { id, messageId, event, body };
    return null;
  }

  /** Writes down what a try came to. One that was removed meanwhile is left so. */
  tried(id: string, atMs: number, posted: Posted, nowMs: number, random: number): void {
    const row = this.#row(id);
    if (row === null) return;
    const { error, status, responseBytes, durationMs } = posted;
    this.#sql.exec(
      'INSERT INTO attempt (delivery_id, number, at_ms, duration_ms, status, response_bytes, error) VALUES (?, ?, ?, ?, ?, ?, ?)',
      id,
      row.tries + 1,
      atMs,
      durationMs,
      status,
      responseBytes,
      error,
    );
    const failures = row.failures + (error === null ? 0 : 1);
    const againAtMs =
      error === null || error === 'gone'
        ? null
        : nextTryAtMs(failures, posted.retryAfterMs, row.deadline_at_ms, nowMs, random);
    this.#sql.exec(
      'UPDATE delivery SET tries = tries + 1, failures = ?, state = ?, due_at_ms = ?, settled_at_ms = ?, last_error = ? WHERE id = ?',
      failures,
      error === null ? 'delivered' : againAtMs === null ? 'dead' : 'pending',
      againAtMs ?? row.due_at_ms,
      againAtMs === null ? nowMs : null,
      error,
      id,
    );
  }

  /** Not tried, only too early to: nothing is counted. */
  postpone(id: string, untilMs: number): void {
    this.#sql.exec(`UPDATE delivery SET due_at_ms = ? WHERE id = ? AND state = 'pending'`, untilMs, id);
  }

  giveUp(id: string, error: DeliveryError, nowMs: number): void {
    this.#sql.exec(
      `UPDATE delivery SET state = 'dead', settled_at_ms = ?, last_error = ? WHERE id = ? AND state = 'pending'`,
      nowMs,
      error,
      id,
    );
  }

  giveUpAll(error: DeliveryError, nowMs: number): void {
    this.#sql.exec(
      `UPDATE delivery SET state = 'dead', settled_at_ms = ?, last_error = ? WHERE state = 'pending'`,
      nowMs,
      error,
    );
  }

  /** Owes it anew under its old id. @returns whether there is such a delivery */
  resend(id: string, nowMs: number): boolean {
    const again = `UPDATE delivery SET state = 'pending', due_at_ms = ?, deadline_at_ms = ?, failures = 0,
      settled_at_ms = NULL WHERE id = ? RETURNING id`;
    return this.#sql.exec(again, nowMs, nowMs + TRIED_FOR_MS, id).toArray().length > 0;
  }

  /** @returns how many there were. */
  resendDead(nowMs: number): number {
    const again = `UPDATE delivery SET state = 'pending', due_at_ms = ?, deadline_at_ms = ?, failures = 0,
      settled_at_ms = NULL WHERE state = 'dead' RETURNING id`;
    return this.#sql.exec(again, nowMs, nowMs + TRIED_FOR_MS).toArray().length;
  }

  /** Newest first, from before `beforeSeq`. */
  page(
    state: DeliveryState | null,
    beforeSeq: number | null,
    limit: number,
  ): { deliveries: Delivery[]; nextCursor: string | null } {
    const rows = this.#sql
      .exec<Row>(
        `SELECT * FROM delivery WHERE seq < ?1 AND (?2 IS NULL OR state = ?2) ORDER BY seq DESC LIMIT ?3`,
        beforeSeq ?? Number.MAX_SAFE_INTEGER,
        state,
        limit + 1,
      )
      .toArray();
    const { page, nextCursor } = cutPage(rows, limit, (last) => String(last.seq));
    return { deliveries: page.map(deliveryOf), nextCursor };
  }

  find(id: string): { delivery: Delivery; attempts: Attempt[]; body: string } | null {
    const row = this.#row(id);
    if (row === null) return null;
    const attempts = this.#sql
      .exec<{
        at_ms: number;
        duration_ms: number;
        status: number | null;
        response_bytes: number | null;
        error: DeliveryError | null;
      }>('SELECT * FROM attempt WHERE delivery_id = ? ORDER BY number', id)
      .toArray()
      .map((each) => ({
        atMs: each.at_ms,
        durationMs: each.duration_ms,
        status: each.status,
        responseBytes: each.response_bytes,
        error: each.error,
      }));
    return { delivery: deliveryOf(row), attempts, body: row.body };
  }

  count(state: DeliveryState): number {
    return this.#sql
      .exec<{ count: number }>('SELECT count(*) AS count FROM delivery WHERE state = ?', state)
      .one().count;
  }

  /** When the next try is due; null when nothing is pending. */
  nextDueAtMs(): number | null {
    const row = this.#sql
      .exec<{
        due_at_ms: number;
      }>(`SELECT due_at_ms FROM delivery WHERE state = 'pending' ORDER BY due_at_ms LIMIT 1`)
      .toArray()[0];
    return row?.due_at_ms ?? null;
  }

  /** When the oldest that is settled has been kept long enough; null when none is. */
  nextPruneAtMs(): number | null {
    const { first } = this.#sql
      .exec<{ first: number | null }>('SELECT min(settled_at_ms) AS first FROM delivery')
      .one();
    return first === null ? null : first + KEPT_MS;
  }

  prune(nowMs: number): void {
    this.#remove('settled_at_ms <= ?', nowMs - KEPT_MS);
  }

  forget(callId: string): void {
    this.#remove('call_id = ?', callId);
  }

  #remove(which: 'settled_at_ms <= ?' | 'call_id = ?', value: number | string): void {
    this.#sql.exec(
      `DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE ${which})`,
      value,
    );
    this.#sql.exec(`DELETE FROM delivery WHERE ${which}`, value);
  }

  #row(id: string): Row | null {
    return this.#sql.exec<Row>('SELECT * FROM delivery WHERE id = ?', id).toArray()[0] ?? null;
  }
}

function deliveryOf(row: Row): Delivery {
  return {
    id: row.id,
    messageId: row.message_id,
    event: row.event,
    state: row.state as DeliveryState,
    owedAtMs: row.owed_at_ms,
    nextTryAtMs: row.state === 'pending' ? row.due_at_ms : null,
    settledAtMs: row.settled_at_ms,
    tries: row.tries,
    lastError: row.last_error,
  };
}
