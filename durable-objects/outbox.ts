import type { Effect, OwedEffect } from '../domain/call/effects.ts';
import { retryDelayMs } from './retry.ts';

/** After this many failures an effect is parked: it stays visible and waits for a person (EFFECT-2). */
export const MAX_ATTEMPTS = 12;

export interface PendingEffect {
  readonly key: string;
  readonly effect: Effect;
  readonly attempts: number;
  /** Grows each time the same key is owed again; a delivery settles only what it saw. */
  readonly version: number;
  readonly dueAtMs: number;
}

export interface ParkedEffect {
  readonly key: string;
  readonly type: Effect['type'];
  readonly attempts: number;
  readonly lastError: string;
}

/** Effects that describe the whole call: owing one again replaces the one that waits. */
const coalesced: ReadonlySet<Effect['type']> = new Set(['project', 'archive', 'announce']);

interface Row extends Record<string, SqlStorageValue> {
  key: string;
  effect: string;
  attempts: number;
  version: number;
  due_at_ms: number;
}

/** The effects a call owes, committed with the events that owe them and kept until done (EFFECT-1). */
export class Outbox {
  readonly #sql: SqlStorage;
  /** Asked after every event, so the answer is kept until something is written. */
  #pending: readonly PendingEffect[] | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS outbox (
      key TEXT PRIMARY KEY,
      effect TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('pending', 'parked')),
      attempts INTEGER NOT NULL,
      version INTEGER NOT NULL,
      due_at_ms INTEGER NOT NULL,
      last_error TEXT
    )`);
  }

  /** Must run inside the transaction that writes the owing events. */
  owe(owed: readonly OwedEffect[], nowMs: number): void {
    if (owed.length === 0) return;
    this.#pending = null;
    for (const [key, effect] of new Map(owed.map((each) => [keyOf(each), each.effect])))
      this.#sql.exec(
        `INSERT INTO outbox (key, effect, state, attempts, version, due_at_ms) VALUES (?, ?, 'pending', 0, 1, ?)
         ON CONFLICT (key) DO UPDATE SET effect = excluded.effect, state = 'pending', attempts = 0,
           version = version + 1, due_at_ms = excluded.due_at_ms`,
        key,
        JSON.stringify(effect),
        nowMs,
      );
  }

  pending(): readonly PendingEffect[] {
    this.#pending ??= this.#sql
      .exec<Row>(
        `SELECT key, effect, attempts, version, due_at_ms FROM outbox WHERE state = 'pending' ORDER BY rowid`,
      )
      .toArray()
      .map((row) => ({
        key: row.key,
        effect: JSON.parse(row.effect) as Effect,
        attempts: row.attempts,
        version: row.version,
        dueAtMs: row.due_at_ms,
      }));
    return this.#pending;
  }

  done({ key, version }: PendingEffect): void {
    this.#pending = null;
    this.#sql.exec('DELETE FROM outbox WHERE key = ? AND version = ?', key, version);
  }

  /** Not failed, only too early: looked at again from `dueAtMs`. */
  postpone({ key, version }: PendingEffect, dueAtMs: number): void {
    this.#pending = null;
    this.#sql.exec('UPDATE outbox SET due_at_ms = ? WHERE key = ? AND version = ?', dueAtMs, key, version);
  }

  failed({ key, version, attempts }: PendingEffect, reason: string, nowMs: number): 'pending' | 'parked' {
    this.#pending = null;
    const state = attempts + 1 >= MAX_ATTEMPTS ? 'parked' : 'pending';
    this.#sql.exec(
      'UPDATE outbox SET attempts = attempts + 1, state = ?, due_at_ms = ?, last_error = ? WHERE key = ? AND version = ?',
      state,
      nowMs + retryDelayMs(attempts),
      reason.slice(0, 300),
      key,
      version,
    );
    return state;
  }

  /** What waits to be told, or was given up, names nobody any more. */
  forgetNames(): void {
    this.#pending = null;
    this.#sql.exec(
      `UPDATE outbox SET effect = json_set(effect, '$.occurrence.contactName', null)
       WHERE json_extract(effect, '$.type') = 'notify'`,
    );
  }

  /** Whether any of these is still to be done, or was given up. */
  owes(types: ReadonlySet<Effect['type']>): boolean {
    return [...this.pending().map((each) => each.effect), ...this.parked()].some(({ type }) =>
      types.has(type),
    );
  }

  parked(): ParkedEffect[] {
    return this.#sql
      .exec<{ key: string; effect: string; attempts: number; last_error: string | null }>(
        `SELECT key, effect, attempts, last_error FROM outbox WHERE state = 'parked' ORDER BY rowid`,
      )
      .toArray()
      .map((row) => ({
        key: row.key,
        type: (JSON.parse(row.effect) as Effect).type,
        attempts: row.attempts,
        lastError: row.last_error ?? '',
      }));
  }

  /** A person asks for parked effects to be tried again. Returns how many there were. */
  retryParked(nowMs: number): number {
    this.#pending = null;
    return this.#sql
      .exec(
        `UPDATE outbox SET state = 'pending', attempts = 0, due_at_ms = ? WHERE state = 'parked' RETURNING key`,
        nowMs,
      )
      .toArray().length;
  }
}

const keyOf = ({ key, effect }: OwedEffect): string => (coalesced.has(effect.type) ? effect.type : key);
