import type { SeatKind } from './supervision.ts';

/** Who a room participant is follows from the identity, which only our own tokens hand out. */
export type Seat = 'customer' | 'agent' | 'supervisor' | 'other';

export function seatOf(identity: string): Seat {
  if (identity.startsWith('customer-') || isTelephone(identity)) return 'customer';
  if (identity.startsWith('agent-')) return 'agent';
  if (Object.values(seatPrefixes).some((prefix) => identity.startsWith(prefix))) return 'supervisor';
  return 'other';
}

/** Whose seat it is stands in the ledger, never in the identity: it is seen by everyone in the room. */
const seatPrefixes: Readonly<Record<SeatKind, string>> = {
  listen: 'monitor-',
  whisper: 'whisper-',
  operator: 'operator-',
};
export const seatIdentity = (seat: SeatKind, id: string): string => `${seatPrefixes[seat]}${id}`;
export const isOperator = (identity: string): boolean => identity.startsWith(seatPrefixes.operator);

/** LiveKit's SIP service names those it brings in so. */
export const isTelephone = (identity: string): boolean => identity.startsWith('sip_');

/**
 * Whether this participant is the customer, there and listening. LiveKit puts a telephone into the room while it still rings
 * and says in an attribute how far it has come.
 */
export function isCustomerThere(
  identity: string,
  attributes: Readonly<Record<string, string>> | undefined,
): boolean {
  if (seatOf(identity) !== 'customer') return false;
  return !isTelephone(identity) || answeredStatuses.has(attributes?.['sip.callStatus'] ?? '');
}

/** `automation`: answered, and tones are being sent. */
const answeredStatuses: ReadonlySet<string> = new Set(['active', 'automation']);

export const customerIdentity = (callId: string): string => `customer-${callId}`;
/** Of a telephone that we ring. */
export const sipIdentity = (callId: string): string => `sip_${callId}`;
/** As the ledger names a participant: LiveKit names a telephone that calls us by its number, which is nobody's business. */
export const ledgerIdentity = (callId: string, identity: string): string =>
  isTelephone(identity) ? sipIdentity(callId) : identity;

/** Rooms are named for their call: a webhook names the room, and a restarted server gives it a new SID. */
export const roomName = (callId: string): string => `call-${callId}`;

/** Where supervisors speak to the agent; no customer ever enters it. */
export const whisperRoomName = (callId: string): string => `whisper-${callId}`;
/** The call that a supervisor's room belongs to: its own or its whisper room. */
export const callIdOfWhisperRoom = (room: string): string | null =>
  room.startsWith('whisper-') ? room.slice('whisper-'.length) : null;

export function callIdOfRoom(room: string): string | null {
  return room.startsWith('call-') ? room.slice('call-'.length) : null;
}
