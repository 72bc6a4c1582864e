import { Hono } from 'hono';
import { editedProfile } from '../../database/edited-profiles.ts';
import { DRAFT_VERSION } from '../../domain/profile/profile.ts';
import { testProfile } from '../../protocol/api/profiles.ts';
import { signCallToken } from '../access/call-token.ts';
import { signedIn } from '../access/signed-in.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { requestCall } from '../calls/request-call.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { customerJoin } from '../livekit/customer-token.ts';
import { noSuchAgent, unlessReady } from './profiles.ts';

/** Trying a draft: a call like a customer's own, which keeps the draft as it was when it began (PROFILE-5). */
export const profileTrialRoutes = new Hono<AppEnv>();

serve(profileTrialRoutes, testProfile, async (c, { params: { slug }, body: { revision } }) => {
  const edited = await editedProfile(c.env.DB, slug);
  if (edited === null) return noSuchAgent(c);
  const refusal = await unlessReady(c, edited, revision);
  if (refusal !== null) return refusal;
  const { livekit, simulated, doorSecret } = c.get('settings');
  if (livekit === null) return refuse(c, 'media_unavailable', 'This deployment has no media server.');
  const person = signedIn(c);
  const profile = { slug, ...edited.draft.content };
  const { callId, room } = await requestCall(c.env, {
    profile: { profile, version: DRAFT_VERSION },
    channel: 'web',
    media: 'livekit',
    contact: { name: person.name },
    requestedBy: `user:${person.userId}`,
  });
  await audit(c, 'profile.tried', { subject: `profile:${slug}`, detail: `call ${callId}` });
  const join = await customerJoin(livekit, callId, room, person.name);
  const callToken = await signCallToken(callId, doorSecret, Date.now());
  return { callId, ...join, callToken, profile, simulated: simulated.includes('speech') };
});
