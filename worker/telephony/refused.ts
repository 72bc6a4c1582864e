import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { refuse } from '../http/problem.ts';
import { TrunkRefused } from './trunks.ts';

/** What the media server's refusal means to whoever sets up a telephone. */
export function trunkRefused(c: Context<AppEnv>, error: unknown): Response {
  if (!(error instanceof TrunkRefused)) throw error;
  // Both are about how things are set up, not about us failing: no 5xx, which clients would try again.
  return error.absent
    ? refuse(c, 'carrier_refused', 'The media server has no SIP service.', {
        detail: 'It needs Redis and LiveKit SIP: docs/telephony.md.',
      })
    : refuse(c, 'carrier_refused', 'The media server refused it.', { detail: error.message });
}
