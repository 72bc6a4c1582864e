import { AccessToken, TrackSource } from 'livekit-server-sdk';
import { customerIdentity } from '../../domain/call/identity.ts';
import type { Join } from '../../protocol/api/rooms.ts';
import type { Settings } from '../settings.ts';

/** Blocks only the first connect; LiveKit refreshes the tokens of those who are in. */
const LIFETIME_S = 120;

/**
 * Lets one customer into one room: a microphone, ears, nothing else. No data channel, so that a caller cannot ask the
 * agent framework for its prompt or history (notes: session channel).
 */
export async function customerJoin(
  livekit: NonNullable<Settings['livekit']>,
  callId: string,
  room: string,
  name: string | null,
): Promise<Join> {
  const identity = customerIdentity(callId);
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
    identity,
    ttl: LIFETIME_S,
    ...(name === null ? {} : { name }),
  });
  token.addGrant({
    roomJoin: true,
    room,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canPublishData: false,
    canSubscribe: true,
    canUpdateOwnMetadata: false,
  });
  return { url: livekit.url, token: await token.toJwt(), room, identity };
}
