import type { Participant, RemoteParticipant, Room } from '@livekit/rtc-node';
import { ConnectionQuality as Quality, RoomEvent } from '@livekit/rtc-node';
import type { Observation } from '../../../domain/call/input.ts';
import { isOperator } from '../../../domain/call/identity.ts';
import type { ConnectionQuality } from '../../../protocol/supervision.ts';

const qualities: Readonly<Record<Quality, ConnectionQuality>> = {
  [Quality.QUALITY_EXCELLENT]: 'excellent',
  [Quality.QUALITY_GOOD]: 'good',
  [Quality.QUALITY_POOR]: 'poor',
  [Quality.QUALITY_LOST]: 'lost',
};

export interface NewsTaker {
  observe(observation: Observation): void;
  quality(quality: ConnectionQuality): void;
}

/** Tells of operators who come and go, and of how well the customer is heard. Who listens unseen the agent does not see. */
export function tellRoomNews(room: Room, customer: string, taker: NewsTaker): void {
  const tell = (type: 'seatSeen' | 'seatGone', { identity, sid }: RemoteParticipant): void => {
    if (isOperator(identity) && sid !== undefined)
      taker.observe({ type, participant: { identity, connection: sid } });
  };
  room.on(RoomEvent.ParticipantConnected, (each: RemoteParticipant) => tell('seatSeen', each));
  room.on(RoomEvent.ParticipantDisconnected, (each: RemoteParticipant) => tell('seatGone', each));
  room.on(RoomEvent.ConnectionQualityChanged, (quality: Quality, { identity }: Participant) => {
    if (identity === customer) taker.quality(qualities[quality]);
  });
  for (const each of room.remoteParticipants.values()) tell('seatSeen', each);
}
