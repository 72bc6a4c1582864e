import { Hono } from 'hono';
import { callRoomOf } from '../../durable-objects/env.ts';
import * as contracts from '../../protocol/api/rooms.ts';
import { signCallToken } from '../access/call-token.ts';
import type { AppEnv } from '../app-env.ts';
import { profileNamed } from '../../database/profiles.ts';
import { requestCall } from '../calls/request-call.ts';
import { clientAddress } from '../http/address.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { noSuchCall } from './calls.ts';
import { customerJoin } from '../livekit/customer-token.ts';

const RETRY_AFTER_S = 10;

/** What customers ask for: everything here is open, or opens with the token of one call. */
export const tokenRoutes = new Hono<AppEnv>();

serve(tokenRoutes, contracts.getProfile, async (c, { params }) => {
  const published = await profileNamed(c.env.DB, params.slug);
  return published?.profile ?? refuse(c, 'profile_unknown', 'There is no such agent.');
});

serve(tokenRoutes, contracts.getToken, async (c, { query }) => {
  const published = await profileNamed(c.env.DB, query.agent);
  if (published === null) {
    return refuse(c, 'profile_unknown', 'There is no such agent.', { detail: 'Name a profile in `agent`.' });
  }
  const { livekit, simulated, doorSecret } = c.get('settings');
  if (livekit === null) {
    return refuse(c, 'media_unavailable', 'This deployment has no media server, so nobody can talk here.');
  }
  const { success } = await c.env.TOKEN_LIMIT.limit({ key: clientAddress(c) });
  if (!success) {
    return refuse(c, 'rate_limited', 'Many calls from your address.', {
      detail: `Try again in ${RETRY_AFTER_S} seconds.`,
      headers: { 'retry-after': String(RETRY_AFTER_S) },
    });
  }
  const name = query.name?.trim() || null;
  const { callId, room } = await requestCall(c.env, {
    profile: published,
    channel: 'web',
    media: 'livekit',
    contact: { name },
    requestedBy: 'customer',
  });
  const join = await customerJoin(livekit, callId, room, name);
  const callToken = await signCallToken(callId, doorSecret, Date.now());
  return { callId, ...join, callToken, profile: published.profile, simulated: simulated.includes('speech') };
});

serve(tokenRoutes, contracts.getOwnCall, async (c, { params }) => {
  const call = await callRoomOf(c.env, params.callId).summary();
  if (call === null) return noSuchCall(c);
  const { callId, phase, callBackPromisedAtMs } = call;
  return { callId, phase, callBackPromised: callBackPromisedAtMs !== null };
});
