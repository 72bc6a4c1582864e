/** Who a room participant is follows from the identity, which only our own tokens hand out. */
export type Seat = 'customer' | 'agent' | 'monitor' | 'other';

export function seatOf(identity: string): Seat {
  if (identity.startsWith('customer-') || identity.startsWith('sip_')) return 'customer';
  if (identity.startsWith('agent-')) return 'agent';
  if (identity.startsWith('monitor-')) return 'monitor';
  return 'other';
}

export const customerIdentity = (callId: string): string => `customer-${callId}`;

/** Rooms are named for their call: a webhook names the room, and a restarted server gives it a new SID. */
export const roomName = (callId: string): string => `call-${callId}`;

export function callIdOfRoom(room: string): string | null {
  return room.startsWith('call-') ? room.slice('call-'.length) : null;
}
