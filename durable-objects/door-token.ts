import { sign, verify } from 'hono/jwt';
import * as z from 'zod/mini';
import { MAXIMUM_DURATION_MS } from '../domain/call/deadlines.ts';
import { Id } from '../protocol/primitives.ts';

/** What an agent's door token says; only we can write it. It opens one call for one offer. */
const ClaimsSchema = z.object({ callId: Id, offer: z.int(), hostId: Id, aud: z.literal('agent-door') });
export type DoorClaims = Pick<z.infer<typeof ClaimsSchema>, 'callId' | 'offer' | 'hostId'>;

/** Long enough for the longest call and its late words. */
const LIFETIME_S = MAXIMUM_DURATION_MS / 1000 + 600;

export function signDoorToken(claims: DoorClaims, secret: string, nowMs: number): Promise<string> {
  const payload = { ...claims, aud: 'agent-door', exp: Math.floor(nowMs / 1000) + LIFETIME_S };
  return sign(payload, secret, 'HS256');
}

/** The claims, or null for a token that is forged, expired or not a door token. */
export async function verifyDoorToken(token: string, secret: string): Promise<DoorClaims | null> {
  try {
    const claims = z.safeParse(
      ClaimsSchema,
      await verify(token, secret, { alg: 'HS256', aud: 'agent-door' }),
    );
    return claims.success ? claims.data : null;
  } catch {
    return null;
  }
}
