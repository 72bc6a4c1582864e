import type { DialDecision } from './decision.ts';

/** SHA-256 of a text as UTF-8, in hex. */
export type Sha256 = (text: string) => string;

/** Stands before the first record of a chain. */
export const CHAIN_START = '0'.repeat(64);

/** Up to where a chain goes. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}
export const emptyChain: ChainHead = { seq: 0, hash: CHAIN_START };

/** A record in the one form that is hashed: JSON, keys in order, no `hash`. */
export function canonical({ hash: _hash, ...record }: DialDecision): string {
  return JSON.stringify(inOrder(record));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, inOrder(each)]));
}

/** The record at the end of a chain. It names the one before, so that none can go missing unseen (DIAL-7). */
export function link(
  head: ChainHead,
  record: Omit<DialDecision, 'seq' | 'previousHash' | 'hash'>,
  sha256: Sha256,
): DialDecision {
  const linked = { ...record, seq: head.seq + 1, previousHash: head.hash, hash: '' };
  return { ...linked, hash: sha256(canonical(linked)) };
}

/**
 * Follows records in order from `head` on.
 * @returns the new head, or the number of the first record that is missing or was changed
 */
export function follow(
  head: ChainHead,
  records: readonly DialDecision[],
  sha256: Sha256,
): { readonly ok: true; readonly head: ChainHead } | { readonly ok: false; readonly brokenAtSeq: number } {
  let at = head;
  for (const record of records) {
    const expected = record.seq === at.seq + 1 && record.previousHash === at.hash;
    if (!expected || sha256(canonical(record)) !== record.hash) return { ok: false, brokenAtSeq: at.seq + 1 };
    at = { seq: record.seq, hash: record.hash };
  }
  return { ok: true, head: at };
}
