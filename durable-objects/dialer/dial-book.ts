import type { ChainHead, Sha256 } from '../../domain/dial/chain.ts';
import { emptyChain, link } from '../../domain/dial/chain.ts';
import type { DialDecision } from '../../domain/dial/decision.ts';
import type { Judgement } from '../../domain/dial/judge.ts';
import type { DialerSurroundings } from './dialer-surroundings.ts';

/**
 * How far a dial has come: `claiming`, D1 is asked and may have said yes; `claimed`, the slot is taken and the decision
 * stands, the call may have been requested; `requested`, its own object has it.
 */
export type DialStep = 'claiming' | 'claimed' | 'requested';

export interface BookedDial {
  readonly callId: string;
  readonly leadId: string;
  readonly step: DialStep;
  /** When it was begun, epoch ms. */
  readonly atMs: number;
  /** When its call was last asked how it stands. */
  readonly askedAtMs: number;
  readonly judgement: Judgement;
}

type Row = {
  call_id: string;
  lead_id: string;
  step: string;
  at_ms: number;
  asked_at_ms: number;
  judgement: string;
};

/**
 * A dialer's own memory of what it has under way, written before each step, so that whoever wakes after a crash goes on
 * from there; and the end of its chain of decisions. Nothing in it is personal: a lead is only its id.
 */
export class DialBook {
  readonly #around: DialerSurroundings;

  constructor(around: DialerSurroundings) {
    this.#around = around;
    around.sql.exec(
      `CREATE TABLE IF NOT EXISTS dial (call_id TEXT PRIMARY KEY, lead_id TEXT NOT NULL, step TEXT NOT NULL,
         at_ms INTEGER NOT NULL, asked_at_ms INTEGER NOT NULL, judgement TEXT NOT NULL) WITHOUT ROWID`,
    );
    around.sql.exec(
      'CREATE TABLE IF NOT EXISTS owed_decision (seq INTEGER PRIMARY KEY, record TEXT NOT NULL)',
    );
  }

  begin(dials: readonly { callId: string; leadId: string; judgement: Judgement }[], nowMs: number): void {
    this.#around.transaction(() => {
      for (const { callId, leadId, judgement } of dials)
        this.#around.sql.exec(
          `INSERT INTO dial (call_id, lead_id, step, at_ms, asked_at_ms, judgement) VALUES (?, ?, 'claiming', ?, ?, ?)`,
          callId,
          leadId,
          nowMs,
          nowMs,
          JSON.stringify(judgement),
        );
    });
  }

  all(): readonly BookedDial[] {
    return this.#around.sql
      .exec<Row>('SELECT * FROM dial ORDER BY at_ms, call_id')
      .toArray()
      .map((row) => ({
        callId: row.call_id,
        leadId: row.lead_id,
        step: row.step as DialStep,
        atMs: row.at_ms,
        askedAtMs: row.asked_at_ms,
        judgement: JSON.parse(row.judgement) as Judgement,
      }));
  }

  /** Found in D1 though nothing is remembered of it. */
  adopt(callId: string, leadId: string, atMs: number): void {
    this.#around.sql.exec(
      `INSERT OR IGNORE INTO dial (call_id, lead_id, step, at_ms, asked_at_ms, judgement)
       VALUES (?, ?, 'requested', ?, 0, 'null')`,
      callId,
      leadId,
      atMs,
    );
  }

  /** The slots were taken: the decisions join the chain in the same write (DIAL-7). */
  claimed(dials: readonly BookedDial[], chain: string, sha256: Sha256): void {
    this.#around.transaction(() => {
      for (const { callId, judgement } of dials) {
        this.#link({ ...judgement, chain, callId }, sha256);
        this.#around.sql.exec(`UPDATE dial SET step = 'claimed' WHERE call_id = ?`, callId);
      }
    });
  }

  refused(judgements: readonly Judgement[], chain: string, sha256: Sha256): void {
    this.#around.transaction(() => {
      for (const judgement of judgements) this.#link({ ...judgement, chain, callId: null }, sha256);
    });
  }

  #link(record: Omit<DialDecision, 'seq' | 'previousHash' | 'hash'>, sha256: Sha256): void {
    const decision = link(this.head, record, sha256);
    this.#around.kv.put<ChainHead>('chainHead', { seq: decision.seq, hash: decision.hash });
    this.#around.sql.exec(
      'INSERT INTO owed_decision (seq, record) VALUES (?, ?)',
      decision.seq,
      JSON.stringify(decision),
    );
  }

  /** Up to where the chain goes: D1 holds no more, and after a while no less. */
  get head(): ChainHead {
    return this.#around.kv.get<ChainHead>('chainHead') ?? emptyChain;
  }

  /** Decisions that D1 may not have yet. */
  owed(): readonly DialDecision[] {
    return this.#around.sql
      .exec<{ record: string }>('SELECT record FROM owed_decision ORDER BY seq LIMIT 500')
      .toArray()
      .map(({ record }) => JSON.parse(record) as DialDecision);
  }

  delivered(decisions: readonly DialDecision[]): void {
    const last = decisions.at(-1);
    if (last !== undefined) this.#around.sql.exec('DELETE FROM owed_decision WHERE seq <= ?', last.seq);
  }

  requested(callId: string, nowMs: number): void {
    this.#around.sql.exec(
      `UPDATE dial SET step = 'requested', asked_at_ms = ? WHERE call_id = ?`,
      nowMs,
      callId,
    );
  }

  asked(callId: string, nowMs: number): void {
    this.#around.sql.exec('UPDATE dial SET asked_at_ms = ? WHERE call_id = ?', nowMs, callId);
  }

  forget(callIds: readonly string[]): void {
    for (const callId of callIds) this.#around.sql.exec('DELETE FROM dial WHERE call_id = ?', callId);
  }
}
