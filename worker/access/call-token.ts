import { sign, verify } from 'hono/jwt';
import * as z from 'zod/mini';
import { MAXIMUM_DURATION_MS } from '../../domain/call/deadlines.ts';
import { Uuid } from '../../protocol/api/common.ts';

const AUDIENCE = 'customer';
const ClaimsSchema = z.object({ callId: Uuid, aud: z.literal(AUDIENCE) });

/** The longest call, and a while to read how it ended. */
const LIFETIME_S = MAXIMUM_DURATION_MS / 1000 + 900;

/** A customer's proof that one call is theirs; it opens that call's customer routes and nothing else. */
export function signCallToken(callId: string, secret: string, nowMs: number): Promise<string> {
  return sign({ callId, aud: AUDIENCE, exp: Math.floor(nowMs / 1000) + LIFETIME_S }, secret, 'HS256');
}

/** The call it opens, or null for a token that is forged, expired or of another kind. */
export async function verifyCallToken(token: string, secret: string): Promise<string | null> {
  try {
    const claims = z.safeParse(ClaimsSchema, await verify(token, secret, { alg: 'HS256', aud: AUDIENCE }));
    return claims.success ? claims.data.callId : null;
  } catch {
    return null;
  }
}
