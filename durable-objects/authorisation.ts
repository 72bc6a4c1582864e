import type { Sight } from '../domain/privacy/sight.ts';
import { sights } from '../domain/privacy/sight.ts';
import type { MonitorDown } from '../protocol/monitor.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { attachmentOf, close, send } from './sockets.ts';

/**
 * How long the Worker's check at the handshake is trusted. Sessions end, roles change and accounts are disabled while
 * sockets stand: nothing is sent on an older check. The client comes back by itself and is asked who it is (ACCESS-13).
 */
export const AUTHORISED_FOR_MS = 600_000;

/** Attachments are decoded once in a life of the object: a busy call sends to each monitor many times a second. */
const verified = new WeakMap<WebSocket, Verified>();

interface Verified {
  readonly atMs: number;
  readonly sight: Sight;
}

/** Sends to a person's socket, or closes it when the check is too old. */
export function sendToPerson(socket: WebSocket, message: MonitorDown | string, nowMs: number): void {
  if (nowMs - verifiedOf(socket).atMs <= AUTHORISED_FOR_MS) send(socket, message);
  else close(socket, closeCodes.askAgain, 'come back and say who you are');
}

/** Sends to each what it may see of it (PRIVACY-3): `write` is asked once for each sight that somebody has. */
export function sendInSight(
  sockets: readonly WebSocket[],
  nowMs: number,
  write: (sight: Sight) => string,
): void {
  const written: Partial<Record<Sight, string>> = {};
  for (const socket of sockets) {
    const { sight } = verifiedOf(socket);
    sendToPerson(socket, (written[sight] ??= write(sight)), nowMs);
  }
}

/** What the Worker put into the inner URL; anything else sees the least. */
export const sightNamed = (name: string | null): Sight => sights.find((each) => each === name) ?? 'masked';

/** Closes every socket of a person who may see less than before. */
export function dismissPerson(sockets: readonly WebSocket[], userId: string): void {
  for (const socket of sockets) {
    const attachment = attachmentOf(socket);
    if (attachment?.kind !== 'monitor' || attachment.userId !== userId) continue;
    close(socket, closeCodes.askAgain, 'come back and say who you are');
  }
}

function verifiedOf(socket: WebSocket): Verified {
  const known = verified.get(socket);
  if (known !== undefined) return known;
  const attachment = attachmentOf(socket);
  const found: Verified =
    attachment?.kind === 'monitor'
      ? { atMs: attachment.connectedAtMs, sight: attachment.sight }
      : { atMs: Number.NEGATIVE_INFINITY, sight: 'masked' };
  verified.set(socket, found);
  return found;
}
