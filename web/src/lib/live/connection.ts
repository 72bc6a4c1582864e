import { closeCodes } from '../../../../protocol/refusal.ts';

/** Data older than this is called stale: long enough for a deploy to drop every socket and have it back. */
export const STALE_AFTER_MS = 10_000;
/** So many attempts in a row without a word from the server, and the call page asks over HTTP instead. */
export const ATTEMPTS_BEFORE_POLLING = 5;

export type FinalReason = 'unauthenticated' | 'forbidden' | 'unknown' | 'reload' | 'ended' | 'closed';

/** What is known of the link to one live feed. The screen shows `connectionOf(link, now)`. */
export interface Link {
  readonly phase: 'connecting' | 'live' | 'reconnecting' | 'polling' | 'final';
  /** When this phase began, on the browser's clock. */
  readonly sinceMs: number;
  /** Attempts in a row that brought no data. */
  readonly failedAttempts: number;
  /** The last moment the data was known to be current; null when it never was. */
  readonly currentAtMs: number | null;
  readonly reason: FinalReason | null;
}

export type Happening =
  /** The first message of a connection arrived: what is shown is current. */
  | { readonly type: 'synced' }
  /** Any later proof that the link works: a message, a pong. */
  | { readonly type: 'heard' }
  /** The socket closed or could not be opened; it tries again by itself. */
  | { readonly type: 'lost' }
  | { readonly type: 'polled' }
  /** There will be no more attempts. */
  | { readonly type: 'closedForGood'; readonly reason: FinalReason };

export const newLink = (nowMs: number): Link => ({
  phase: 'connecting',
  sinceMs: nowMs,
  failedAttempts: 0,
  currentAtMs: null,
  reason: null,
});

export function advance(link: Link, happening: Happening, nowMs: number): Link {
  if (link.phase === 'final') return link;
  switch (happening.type) {
    case 'synced':
      return { phase: 'live', sinceMs: nowMs, failedAttempts: 0, currentAtMs: nowMs, reason: null };
    case 'heard':
      return link.phase === 'live' ? { ...link, currentAtMs: nowMs } : link;
    case 'lost': {
      if (link.phase === 'live')
        return { ...link, phase: 'reconnecting', sinceMs: nowMs, currentAtMs: nowMs };
      return { ...link, failedAttempts: link.failedAttempts + 1 };
    }
    case 'polled':
      // A poll that was still under way when the socket came back changes nothing.
      if (link.phase === 'live') return link;
      return link.phase === 'polling'
        ? { ...link, currentAtMs: nowMs }
        : { ...link, phase: 'polling', sinceMs: nowMs, currentAtMs: nowMs };
    case 'closedForGood':
      return { ...link, phase: 'final', sinceMs: nowMs, reason: happening.reason };
  }
}

export const shouldPoll = (link: Link): boolean =>
  link.phase !== 'final' && link.phase !== 'live' && link.failedAttempts >= ATTEMPTS_BEFORE_POLLING;

/** What the screen says of a feed. Only `live` and `polling` data is current. */
export type Connection =
  | { readonly kind: 'connecting'; readonly forS: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly forS: number }
  | { readonly kind: 'polling' }
  | { readonly kind: 'stale'; readonly sinceMs: number }
  | { readonly kind: 'final'; readonly reason: FinalReason };

export function connectionOf(link: Link, nowMs: number): Connection {
  const forS = Math.max(0, Math.floor((nowMs - link.sinceMs) / 1000));
  const stale = link.currentAtMs !== null && nowMs - link.currentAtMs > STALE_AFTER_MS;
  switch (link.phase) {
    case 'final':
      return { kind: 'final', reason: link.reason ?? 'closed' };
    case 'live':
      return { kind: 'live' };
    case 'connecting':
      return { kind: 'connecting', forS };
    case 'reconnecting':
      return stale ? { kind: 'stale', sinceMs: link.currentAtMs } : { kind: 'reconnecting', forS };
    case 'polling':
      return stale ? { kind: 'stale', sinceMs: link.currentAtMs } : { kind: 'polling' };
  }
}

/** May somebody act on what is shown? Dangerous controls are off otherwise. */
export const isCurrent = (connection: Connection): boolean =>
  connection.kind === 'live' || connection.kind === 'polling';

export function reasonOfClose(code: number): FinalReason {
  switch (code) {
    case closeCodes.unauthenticated:
      return 'unauthenticated';
    case closeCodes.forbidden:
      return 'forbidden';
    case closeCodes.unknown:
      return 'unknown';
    case closeCodes.protocolUnsupported:
      return 'reload';
    case closeCodes.callEnded:
      return 'ended';
    default:
      return 'closed';
  }
}

/** The same for an HTTP refusal; null when trying again may help. */
export function reasonOfStatus(status: number): FinalReason | null {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'unknown';
  if (status === 426) return 'reload';
  return null;
}
