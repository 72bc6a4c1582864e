import { AccessToken, TrackSource } from 'livekit-server-sdk';

const LIFETIME_S = 60;

/** Lets a host say one sentence into one room: it hears nobody and sends nothing but sound. */
export function announcerToken(key: string, secret: string, callId: string, room: string): Promise<string> {
  const token = new AccessToken(key, secret, { identity: `agent-announcer-${callId}`, ttl: LIFETIME_S });
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canPublishData: false,
    canSubscribe: false,
  });
  return token.toJwt();
}
