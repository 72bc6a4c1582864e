import type { CallEvent } from '../../../../domain/call/fact.ts';
import type { CallState } from '../../../../domain/call/state.ts';
import type { Me } from '../../../../protocol/api/session.ts';
import { isCurrent, type Connection } from '../live/connection.ts';

export type Role = Me['user']['role'];

export const roleMayHangUp = (role: Role): boolean => role === 'admin' || role === 'supervisor';

/** `asking`: our request is under way. Whether it took effect is only ever read from the ledger. */
export type HangUpAsk = 'idle' | 'asking' | 'asked';

export interface HangUpOffer {
  readonly label: 'Hang up' | 'Asking to hang up…' | 'Hanging up…' | 'Ended';
  readonly enabled: boolean;
  /** Why it is off; null when it is on or explains itself. */
  readonly why: string | null;
}

export function hangUpOffer(
  call: CallState | null,
  events: readonly CallEvent[],
  ask: HangUpAsk,
  connection: Connection,
  role: Role,
): HangUpOffer {
  const off = (label: HangUpOffer['label'], why: string | null): HangUpOffer => ({
    label,
    enabled: false,
    why,
  });
  if (call?.phase === 'ended') return off('Ended', null);
  if (call !== null && events.some((event) => event.type === 'hangUpRequested')) {
    return off('Hanging up…', 'Requested; waiting for the call to end.');
  }
  if (ask !== 'idle') return off('Asking to hang up…', 'Waiting for the server to take the request.');
  if (!roleMayHangUp(role)) return off('Hang up', `Your role (${role}) does not hang up calls.`);
  if (call === null || !isCurrent(connection)) {
    return off('Hang up', 'Off until the connection is back: what you see may be old.');
  }
  return { label: 'Hang up', enabled: true, why: null };
}
