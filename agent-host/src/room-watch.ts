import type { Participant, RemoteParticipant, Room } from '@livekit/rtc-node';
import { DisconnectReason, RoomEvent } from '@livekit/rtc-node';
import type { Ending } from './ending.ts';
import { isCustomerThere } from '../../domain/call/identity.ts';

/**
 * A customer whose connection broke may come back this long, ms. The ledger waits less (DEADLINE-2) and then says
 * `leave`; this is for the case that it cannot be reached.
 */
export const CUSTOMER_LOST_MS = 8_000;

/** They meant to go: there is nobody to wait for. */
const onPurpose: ReadonlySet<DisconnectReason> = new Set([
  DisconnectReason.CLIENT_INITIATED,
  DisconnectReason.USER_REJECTED,
  DisconnectReason.PARTICIPANT_REMOVED,
]);

/** The first customer who is there and has answered; monitors, agents and others are not spoken to. Never settles if none comes. */
export function customerIn(room: Room): Promise<RemoteParticipant> {
  return new Promise((resolve) => {
    const consider = (participant: RemoteParticipant): void => {
      if (!isCustomerThere(participant.identity, participant.attributes)) return;
      room.off(RoomEvent.ParticipantConnected, consider);
      room.off(RoomEvent.ParticipantAttributesChanged, reconsider);
      resolve(participant);
    };
    // A telephone is in the room while it still rings.
    const reconsider = (_changed: Record<string, string>, participant: Participant): void => {
      const known = room.remoteParticipants.get(participant.identity);
      if (known !== undefined) consider(known);
    };
    room.on(RoomEvent.ParticipantConnected, consider);
    room.on(RoomEvent.ParticipantAttributesChanged, reconsider);
    for (const participant of room.remoteParticipants.values()) consider(participant);
  });
}

/** Ends the job when the room does. */
export function endWithRoom(room: Room, ending: Ending): void {
  room.on(RoomEvent.Disconnected, (reason: DisconnectReason) => {
    const name = DisconnectReason[reason] ?? String(reason);
    switch (reason) {
      case DisconnectReason.ROOM_DELETED:
      case DisconnectReason.ROOM_CLOSED:
        return ending.end('customer', 'the room was closed');
      case DisconnectReason.PARTICIPANT_REMOVED:
      case DisconnectReason.DUPLICATE_IDENTITY:
      case DisconnectReason.CLIENT_INITIATED:
        return ending.end(null, `out of the room: ${name}`);
      default:
        return ending.end('error', `lost the room: ${name}`);
    }
  });
}

/** Ends the job when the customer hangs up, or is lost for good. */
export function endWithCustomer(room: Room, identity: string, ending: Ending): void {
  let lost: NodeJS.Timeout | undefined;
  room.on(RoomEvent.ParticipantConnected, (participant: RemoteParticipant) => {
    if (participant.identity === identity) clearTimeout(lost);
  });
  room.on(RoomEvent.ParticipantDisconnected, (participant: RemoteParticipant) => {
    if (participant.identity !== identity) return;
    const reason = participant.disconnectReason;
    if (reason !== undefined && onPurpose.has(reason)) {
      ending.end('customer', reason === DisconnectReason.PARTICIPANT_REMOVED ? 'removed' : 'hung up');
      return;
    }
    clearTimeout(lost);
    lost = setTimeout(() => ending.end('customer', 'the connection was lost'), CUSTOMER_LOST_MS);
  });
}
