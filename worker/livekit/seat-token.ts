import { AccessToken, TrackSource } from 'livekit-server-sdk';
import { whisperRoomName } from '../../domain/call/identity.ts';
import type { SeatKind } from '../../domain/call/supervision.ts';
import { SEAT_TOKEN_MS } from '../../protocol/api/supervision.ts';
import type { Settings } from '../settings.ts';

export interface SeatToken {
  readonly token: string;
  readonly room: string;
  /** It lets in until then; who is in stays in. */
  readonly expiresAtMs: number;
}

/**
 * Lets one person into one room under one identity (LISTEN-2). Nobody gets a data channel, nor may change what others see
 * of them; no name is given, for the customer's device would be told it.
 */
export async function seatToken(
  { apiKey, apiSecret }: NonNullable<Settings['livekit']>,
  call: { readonly callId: string; readonly room: string },
  seat: SeatKind,
  identity: string,
  nowMs: number,
): Promise<SeatToken> {
  const room = seat === 'whisper' ? whisperRoomName(call.callId) : call.room;
  const token = new AccessToken(apiKey, apiSecret, { identity, ttl: SEAT_TOKEN_MS / 1000 });
  token.addGrant({
    roomJoin: true,
    room,
    hidden: seat === 'listen',
    canPublish: seat !== 'listen',
    ...(seat === 'listen' ? {} : { canPublishSources: [TrackSource.MICROPHONE] }),
    canPublishData: false,
    // What the agent says is heard in the call's room; nothing is said in the whisper room but whispers.
    canSubscribe: seat !== 'whisper',
    canUpdateOwnMetadata: false,
  });
  return { token: await token.toJwt(), room, expiresAtMs: nowMs + SEAT_TOKEN_MS };
}
