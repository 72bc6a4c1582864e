import { AccessToken, TrackSource } from 'livekit-server-sdk';
import { customerIdentity } from '../domain/call/identity.ts';

/**
 * Lets one customer into one room: a microphone, ears, nothing else. No data channel, so that a caller cannot ask the
 * agent framework for its prompt or history (notes: session channel).
 */
export function customerToken(
  { key, secret }: { readonly key: string; readonly secret: string },
  customer: {
    readonly callId: string;
    readonly room: string;
    readonly name: string | null;
    readonly lastsMs: number;
  },
): Promise<string> {
  const token = new AccessToken(key, secret, {
    identity: customerIdentity(customer.callId),
    ttl: Math.ceil(customer.lastsMs / 1000),
    ...(customer.name === null ? {} : { name: customer.name }),
  });
  token.addGrant({
    roomJoin: true,
    room: customer.room,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canPublishData: false,
    canSubscribe: true,
    canUpdateOwnMetadata: false,
  });
  return token.toJwt();
}
