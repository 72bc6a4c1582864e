import { customerIdentity } from '../../domain/call/identity.ts';
import { customerToken } from '../../durable-objects/customer-token.ts';
import type { Join } from '../../protocol/api/rooms.ts';
import type { Settings } from '../settings.ts';

/** Blocks only the first connect; LiveKit refreshes the tokens of those who are in. */
const LIFETIME_MS = 120_000;

/** What a customer needs to join the call's room now. */
export async function customerJoin(
  livekit: NonNullable<Settings['livekit']>,
  callId: string,
  room: string,
  name: string | null,
): Promise<Join> {
  const keys = { key: livekit.apiKey, secret: livekit.apiSecret };
  const token = await customerToken(keys, { callId, room, name, lastsMs: LIFETIME_MS });
  return { url: livekit.url, token, room, identity: customerIdentity(callId) };
}
