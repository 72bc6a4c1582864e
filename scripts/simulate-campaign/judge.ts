import { createHash } from 'node:crypto';
import type { CallRequested } from '../../domain/call/fact.ts';
import type { VirtualClock } from '../simulate/virtual-clock.ts';
import type { SqliteTables } from './sqlite-d1.ts';
import type { Whereabouts, Windows } from './whereabouts.ts';
import { allows } from './whereabouts.ts';

export type Complain = (rule: string, what: string) => void;

/** What bounds dialling at some moment; the judge keeps all of them, for an edit and a dial may cross. */
export interface Bounds {
  readonly windows: Windows;
  readonly per24h: number;
  readonly lifetime: number;
  readonly attempts: number;
  readonly concurrency: number;
  readonly callsPerSecond: number;
}

interface Ring {
  readonly callId: string;
  readonly campaignId: string;
  readonly atMs: number;
  /** The moment in D1 at which it was let ring. */
  readonly stampMs: number;
}

const DAY_MS = 86_400_000;
/** An answer of D1 may be so old when it is acted upon. */
const LAG_MS = 1_000;
/** From the claim to the ringing: an agent is sought, and D1 may be slow. */
const CLAIM_TO_RING_MS = 180_000;

/**
 * Looks at each number the moment it rings, and shares nothing with the code it judges: hours by `Intl`, numbers and slots by
 * its own lists.
 */
export class CampaignJudge {
  readonly #clock: VirtualClock;
  readonly #tables: SqliteTables;
  readonly #complain: Complain;
  readonly #people = new Map<string, Whereabouts>();
  readonly #bounds = new Map<string, { readonly fromMs: number; readonly bounds: Bounds }[]>();
  readonly #suppressed = new Map<string, number>();
  readonly #ringing = new Map<string, { readonly phone: string; readonly campaignId: string }>();
  readonly #ringsOf = new Map<string, number[]>();
  readonly #dialsOfLead = new Map<string, number>();
  /** Leads who asked to be called back, and were not yet. */
  readonly #asked = new Set<string>();
  readonly #recent: Ring[] = [];
  readonly #ever = new Set<string>();
  rings_ = 0;

  constructor(clock: VirtualClock, tables: SqliteTables, complain: Complain) {
    this.#clock = clock;
    this.#tables = tables;
    this.#complain = complain;
  }

  livesAt(leadId: string, where: Whereabouts): void {
    this.#people.set(leadId, where);
  }

  /** `name`: a campaign, `all`, or `carrier`. */
  bound(name: string, bounds: Bounds): void {
    const known = this.#bounds.get(name) ?? [];
    this.#bounds.set(name, [...known, { fromMs: this.#clock.nowMs, bounds }]);
  }

  suppressed(phone: string): void {
    if (!this.#suppressed.has(phone)) this.#suppressed.set(phone, this.#clock.nowMs);
  }

  callBackAsked(leadId: string): void {
    this.#asked.add(leadId);
  }

  rings(request: Omit<CallRequested, 'type'>): void {
    const nowMs = this.#clock.nowMs;
    this.rings_ += 1;
    const { callId } = request;
    const phone = request.phone?.number ?? '';
    const { leadId = '', campaignId = '' } = request.lead ?? {};
    const [row] = this.#tables.all<{ stamp: number | null; ended: number | null }>(
      'SELECT rung_at_ms AS stamp, ended_at_ms AS ended FROM dials WHERE call_id = ?',
      callId,
    );
    if (row === undefined || row.stamp === null) return this.#complain('DIAL-1', 'rang without a claim');
    const stampMs = row.stamp;
    if (nowMs - stampMs > LAG_MS) this.#complain('DIAL-9', `rang ${nowMs - stampMs} ms after it was let`);
    if (row.ended !== null && row.ended < stampMs) this.#complain('DIAL-9', 'its slot had been given back');
    if (this.#ever.has(callId)) this.#complain('DIAL-3', 'a call rang twice');
    this.#ever.add(callId);
    for (const [other, ringing] of this.#ringing)
      if (ringing.phone === phone && other !== callId) this.#complain('DIAL-1', 'two calls of one number');
    const suppressedMs = this.#suppressed.get(phone);
    if (suppressedMs !== undefined && suppressedMs < stampMs)
      this.#complain('DNC-1', 'a suppressed number rang');
    this.#decided(callId, leadId);
    const bounds = this.#inForce(campaignId, LAG_MS);
    const where = this.#people.get(leadId);
    const open = (atMs: number): boolean =>
      where !== undefined && bounds.some(({ windows }) => allows(where, windows, atMs));
    if (!open(nowMs)) this.#complain('HOURS-3', 'rang outside the hours');
    this.#caps(phone, leadId, campaignId, where, nowMs);
    this.#ringing.set(callId, { phone, campaignId });
    this.#lanes({ callId, campaignId, atMs: nowMs, stampMs });
  }

  ended({ callId }: { readonly callId: string }): void {
    this.#ringing.delete(callId);
  }

  /** Its decision stands in D1 before it rings, and allows it. */
  #decided(callId: string, leadId: string): void {
    const decisions = this.#tables.all<{ verdict: string; leadId: string }>(
      'SELECT verdict, lead_id AS leadId FROM decisions WHERE call_id = ?',
      callId,
    );
    const [decision] = decisions;
    if (decisions.length !== 1 || decision?.verdict !== 'allowed' || decision.leadId !== leadId)
      this.#complain('DIAL-7', `rang with ${decisions.length} decisions`);
  }

  #caps(
    phone: string,
    leadId: string,
    campaignId: string,
    where: Whereabouts | undefined,
    nowMs: number,
  ): void {
    const bounds = this.#inForce(campaignId, CLAIM_TO_RING_MS);
    const most = (of: (bounds: Bounds) => number): number => Math.max(...bounds.map(of));
    const rings = [...(this.#ringsOf.get(phone) ?? []), nowMs];
    this.#ringsOf.set(phone, rings);
    const lastDay = rings.filter((atMs) => atMs > nowMs - DAY_MS).length;
    const perDay = Math.min(
      most((each) => each.per24h),
      where?.law.per24h ?? 0,
    );
    if (lastDay > perDay)
      this.#complain('DIAL-1', `${lastDay} rings of a number in 24 hours, ${perDay} allowed`);
    if (rings.length > most((each) => each.lifetime))
      this.#complain('DIAL-1', 'more rings than ever allowed');
    const dials = (this.#dialsOfLead.get(leadId) ?? 0) + 1;
    this.#dialsOfLead.set(leadId, dials);
    if (dials > most((each) => each.attempts) && !this.#asked.has(leadId))
      this.#complain('CAMP-3', 'more attempts than its budget');
    this.#asked.delete(leadId);
  }

  /** Slots and pace of campaign, workspace and carrier. */
  #lanes(ring: Ring): void {
    this.#recent.push(ring);
    while ((this.#recent[0]?.stampMs ?? Infinity) < ring.stampMs - 600_000) this.#recent.shift();
    for (const name of [ring.campaignId, 'all', 'carrier']) {
      const mine = (each: { readonly campaignId: string }): boolean =>
        name === ring.campaignId ? each.campaignId === name : true;
      const slots = Math.max(...this.#inForce(name, CLAIM_TO_RING_MS).map((each) => each.concurrency));
      const live = [...this.#ringing.values()].filter(mine).length;
      if (live > slots) this.#complain('CAMP-2', `${live} calls at a time, ${slots} allowed`);
      const fits = this.#inForce(name, 120_000).some(({ callsPerSecond }) => {
        const calls = callsPerSecond < 1 ? 1 : Math.ceil(callsPerSecond);
        const withinMs = (calls / callsPerSecond) * 1_000;
        const close = this.#recent.filter(
          (each) => mine(each) && each.stampMs > ring.stampMs - withinMs && each.stampMs <= ring.stampMs,
        );
        return close.length <= calls;
      });
      if (!fits) this.#complain('CAMP-2', 'rang faster than the pace');
    }
  }

  #inForce(name: string, withinMs: number): Bounds[] {
    const all = this.#bounds.get(name) ?? [];
    const sinceMs = this.#clock.nowMs - withinMs;
    // An entry counts until the next one has been there for so long.
    return all
      .filter((_each, index) => (all[index + 1]?.fromMs ?? Infinity) >= sinceMs)
      .map(({ bounds }) => bounds);
  }
}

/** A chain as an outsider would check it, from the text in D1. */
export function chainBreaks(
  tables: SqliteTables,
  chain: string,
  end: { seq: number; hash: string },
): string | null {
  const rows = tables.all<{ seq: number; record: string; hash: string }>(
    'SELECT seq, record, hash FROM decisions WHERE chain = ? ORDER BY seq',
    chain,
  );
  let previous = '0'.repeat(64);
  for (const [index, row] of rows.entries()) {
    const { hash, ...record } = JSON.parse(row.record) as Record<string, unknown>;
    const text = ordered(record);
    if (row.seq !== index + 1) return `record ${index + 1} is missing`;
    if (record.previousHash !== previous) return `record ${row.seq} does not follow`;
    if (createHash('sha256').update(text).digest('hex') !== hash || hash !== row.hash)
      return `record ${row.seq} was changed`;
    previous = row.hash;
  }
  if (end.seq !== rows.length || (rows.length > 0 && end.hash !== previous)) return 'its end is missing';
  return null;
}

function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${ordered((value as Record<string, unknown>)[key])}`);
  return `{${parts.join(',')}}`;
}
