import { Hono } from 'hono';
import type { TokenReplySchema } from '../../protocol/rest.ts';
import type * as z from 'zod/mini';
import type { AppEnv } from '../app-env.ts';
import { profileNamed, requestCall } from '../calls/request-call.ts';
import { clientAddress } from '../http/address.ts';
import { refuse } from '../http/problem.ts';
import { customerJoin } from '../livekit/customer-token.ts';

const RETRY_AFTER_S = 10;
const NAME_LENGTH = 120;

export const tokenRoutes = new Hono<AppEnv>();

/** What the talk page shows before anyone calls. */
tokenRoutes.get('/api/profiles/:slug', (c) => {
  const profile = profileNamed(c.req.param('slug'));
  if (profile === null) return refuse(c, 'profile_unknown', 'There is no such agent.');
  const { slug, title, language } = profile;
  return c.json({ slug, title, language });
});

/** `GET /api/getToken?agent=<profile>&name=<optional>`: a customer's way in. It requests the call and its agent. */
tokenRoutes.get('/api/getToken', async (c) => {
  const { success } = await c.env.TOKEN_LIMIT.limit({ key: clientAddress(c) });
  if (!success) {
    return refuse(c, 'rate_limited', 'Many calls from your address.', {
      detail: `Try again in ${RETRY_AFTER_S} seconds.`,
      headers: { 'retry-after': String(RETRY_AFTER_S) },
    });
  }
  const profile = profileNamed(c.req.query('agent') ?? '');
  if (profile === null) {
    return refuse(c, 'profile_unknown', 'There is no such agent.', { detail: 'Name a profile in `agent`.' });
  }
  const { livekit, simulated } = c.get('settings');
  if (livekit === null) {
    return refuse(c, 'media_unavailable', 'This deployment has no media server, so nobody can talk here.');
  }
  const name = (c.req.query('name') ?? '').trim().slice(0, NAME_LENGTH) || null;
  const call = await requestCall(c.env, {
    profile,
    channel: 'web',
    media: 'livekit',
    contact: { name },
    requestedBy: 'customer',
  });
  const join = await customerJoin(livekit, call.callId, call.room, name);
  const reply: z.infer<typeof TokenReplySchema> = {
    callId: call.callId,
    ...join,
    profile: { slug: profile.slug, title: profile.title, language: profile.language },
    simulated: simulated.includes('speech'),
  };
  return c.json(reply, 200, { 'cache-control': 'no-store' });
});
