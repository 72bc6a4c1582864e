import { sign, verify } from 'hono/jwt';
import * as z from 'zod/mini';
import { MAXIMUM_DURATION_MS } from '../../domain/call/deadlines.ts';
import { Id } from '../../protocol/primitives.ts';

const AUDIENCE = 'lab-phone';
const ClaimsSchema = z.object({ callId: Id, aud: z.literal(AUDIENCE) });
const LIFETIME_S = MAXIMUM_DURATION_MS / 1000 + 600;

/** Lets the lab's exchange tell of one call, and of no other. */
export function signLabPhoneToken(callId: string, secret: string, nowMs: number): Promise<string> {
  return sign({ callId, aud: AUDIENCE, exp: Math.floor(nowMs / 1000) + LIFETIME_S }, secret, 'HS256');
}

/** The call it tells of, or null for a token that is forged, expired or of another kind. */
export async function verifyLabPhoneToken(token: string, secret: string): Promise<string | null> {
  try {
    const claims = z.safeParse(ClaimsSchema, await verify(token, secret, { alg: 'HS256', aud: AUDIENCE }));
    return claims.success ? claims.data.callId : null;
  } catch {
    return null;
  }
}
