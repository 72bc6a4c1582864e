import { Hono } from 'hono';
import type { Context } from 'hono';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { boardOf, callRoomOf } from '../../durable-objects/env.ts';
import { eventsInSight, summaryInSight, utterancesInSight } from '../../domain/privacy/sight.ts';
import * as contracts from '../../protocol/api/calls.ts';
import { principalName } from '../access/principal.ts';
import { sightIn } from '../access/sight.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { profileNamed } from '../../database/profiles.ts';
import { requestCall } from '../calls/request-call.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { history } from './history.ts';
import { customerJoin } from '../livekit/customer-token.ts';

export const noSuchCall = (c: Context<AppEnv>): Response =>
  refuse(c, 'call_unknown', 'There is no such call.');

export const callRoutes = new Hono<AppEnv>();

serve(callRoutes, contracts.createCall, async (c, { body }) => {
  const profile = await profileNamed(c.env.DB, body.profile);
  if (profile === null) return refuse(c, 'profile_unknown', 'There is no such agent.');
  const principal = c.get('principal');
  const { livekit, doorSecret } = c.get('settings');
  const call = await requestCall(c.env, {
    callId: c.get('newId'),
    profile,
    // Lab callers are simulated people and must never pass for others.
    channel: principal.kind === 'lab' ? 'lab' : body.channel,
    media: livekit === null ? 'silent' : 'livekit',
    contact: body.contact,
    requestedBy: principalName(principal),
  });
  if (principal.kind !== 'lab') await audit(c, 'call.created', { subject: `call:${call.callId}` });
  const join =
    livekit === null ? null : await customerJoin(livekit, call.callId, call.room, call.contact.name);
  const doorToken =
    livekit === null && principal.kind === 'lab'
      ? await signDoorToken({ callId: call.callId, offer: 1, hostId: 'silent' }, doorSecret, Date.now())
      : null;
  return { call: { id: call.callId }, join, doorToken };
});

serve(callRoutes, contracts.listCalls, async (c, { query }) => {
  if (query.status === 'live') {
    const live = await boardOf(c.env).live();
    return { calls: live.map((call) => summaryInSight(call, sightIn(c))), nextCursor: null };
  }
  return history(c, query);
});

serve(callRoutes, contracts.getCall, async (c, { params }) => {
  const call = await callRoomOf(c.env, params.callId).summary();
  return call === null ? noSuchCall(c) : { call: summaryInSight(call, sightIn(c)) };
});

serve(callRoutes, contracts.getCallEvents, async (c, { params, query }) => {
  const page = await callRoomOf(c.env, params.callId).events(Number(query.since ?? 0));
  return page === null ? noSuchCall(c) : { ...page, events: eventsInSight(page.events, sightIn(c)) };
});

serve(callRoutes, contracts.getTranscript, async (c, { params: { callId } }) => {
  const utterances = await callRoomOf(c.env, callId).transcript();
  return utterances === null
    ? noSuchCall(c)
    : { callId, utterances: utterancesInSight(utterances, sightIn(c)) };
});

serve(callRoutes, contracts.hangUp, (c, { params }) => endByPerson(c, 'hangUp', params.callId));
serve(callRoutes, contracts.completeCall, (c, { params }) => endByPerson(c, 'markCompleted', params.callId));

serve(callRoutes, contracts.listParkedWork, async (c, { params }) => {
  const room = callRoomOf(c.env, params.callId);
  if ((await room.summary()) === null) return noSuchCall(c);
  return { parked: await room.parkedEffects() };
});

serve(callRoutes, contracts.retryParkedWork, async (c, { params: { callId } }) => {
  const room = callRoomOf(c.env, callId);
  if ((await room.summary()) === null) return noSuchCall(c);
  const retried = await room.retryParkedEffects();
  await audit(c, 'call.workRetried', { subject: `call:${callId}`, detail: `${retried} effects` });
  return { retried };
});

async function endByPerson(
  c: Context<AppEnv>,
  type: 'hangUp' | 'markCompleted',
  callId: string,
): Promise<Response | Record<string, never>> {
  const taken = await callRoomOf(c.env, callId).take({ type, by: principalName(c.get('principal')) });
  if (!taken.ok) return refuse(c, taken.refusal.code, taken.refusal.message);
  await audit(c, type === 'hangUp' ? 'call.hungUp' : 'call.completed', { subject: `call:${callId}` });
  return {};
}
