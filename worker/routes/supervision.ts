import { Hono } from 'hono';
import type { Context } from 'hono';
import { seatIdentity } from '../../domain/call/identity.ts';
import type { Supervisor } from '../../domain/call/supervision.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import * as contracts from '../../protocol/api/supervision.ts';
import { principalName } from '../access/principal.ts';
import { signedIn } from '../access/signed-in.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { seatToken } from '../livekit/seat-token.ts';
import { noSuchCall } from './calls.ts';

/** Listening in on a call and steering it: for people who are signed in, never for keys. */
export const supervisionRoutes = new Hono<AppEnv>();

serve(supervisionRoutes, contracts.takeSeat, async (c, { params: { callId }, body: { seat } }) => {
  const { livekit } = c.get('settings');
  if (livekit === null) return refuse(c, 'media_unavailable', 'This deployment has no media server.');
  const object = callRoomOf(c.env, callId);
  const room = await object.roomName();
  if (room === null) return noSuchCall(c);
  const identity = seatIdentity(seat, crypto.randomUUID());
  const taken = await object.take({ type: 'giveSeat', seat, identity, ...supervisor(c) });
  if (!taken.ok) return refuse(c, taken.refusal.code, taken.refusal.message);
  // Who listened to which call is evidence: without the entry there is no token (LISTEN-1).
  const subject = `call:${callId}`;
  if (seat === 'listen') await audit(c, 'call.listened', { subject });
  else await audit(c, 'call.seatTaken', { subject, detail: seat });
  const given = await seatToken(livekit, { callId, room }, seat, identity, Date.now());
  return { url: livekit.url, identity, ...given };
});

serve(supervisionRoutes, contracts.giveOrder, async (c, { params: { callId }, body: { orderId, order } }) => {
  if (order.kind === 'whisper' && order.via === 'voice') {
    return refuse(c, 'malformed', 'What is whispered by voice is heard, not sent.', {
      errors: [{ field: 'order.via', problem: 'must be text' }],
    });
  }
  const taken = await callRoomOf(c.env, callId).take({
    type: 'giveOrder',
    orderId,
    order,
    ...supervisor(c),
  });
  if (!taken.ok) return refuse(c, taken.refusal.code, taken.refusal.message);
  if (taken.changed) await audit(c, 'call.steered', { subject: `call:${callId}`, detail: order.kind });
  return {};
});

serve(supervisionRoutes, contracts.flagCall, async (c, { params: { callId }, body: { note } }) => {
  const taken = await callRoomOf(c.env, callId).take({ type: 'flagCall', note, ...supervisor(c) });
  if (!taken.ok) return refuse(c, taken.refusal.code, taken.refusal.message);
  const detail = note === null ? 'mark taken away' : 'marked';
  if (taken.changed) await audit(c, 'call.flagged', { subject: `call:${callId}`, detail });
  return {};
});

/** Who did it is what the session says, never the body (STEER-1). */
function supervisor(c: Context<AppEnv>): Supervisor {
  const user = signedIn(c);
  return { by: principalName(user), byName: user.name };
}
