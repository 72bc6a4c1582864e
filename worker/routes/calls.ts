import { Hono } from 'hono';
import type { Context } from 'hono';
import { endedCalls, parseCursor } from '../../database/calls.ts';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import { boardOf, callRoomOf } from '../../durable-objects/env.ts';
import { NewCallSchema } from '../../protocol/rest.ts';
import type { AppEnv } from '../app-env.ts';
import { profileNamed, requestCall } from '../calls/request-call.ts';
import { jsonBody } from '../http/body.ts';
import { refuse } from '../http/problem.ts';
import { customerJoin } from '../livekit/customer-token.ts';

const PAGE = 50;

/** Our ids are UUIDs: anything else names no object, and must not make one. */
const CALL_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function callRoom(c: Context<AppEnv>) {
  const callId = c.req.param('callId') ?? '';
  return CALL_ID.test(callId) ? callRoomOf(c.env, callId) : null;
}

export const noSuchCall = (c: Context<AppEnv>): Response =>
  refuse(c, 'call_unknown', 'There is no such call.');

export const callRoutes = new Hono<AppEnv>()
  .post('/api/calls', async (c) => {
    const decoded = await jsonBody(c, NewCallSchema);
    if (!decoded.ok) return decoded.response;
    const { body } = decoded;
    const profile = profileNamed(body.profile);
    if (profile === null) return refuse(c, 'profile_unknown', 'There is no such agent.');
    const principal = c.get('principal');
    const { livekit, doorSecret } = c.get('settings');
    const call = await requestCall(c.env, {
      profile,
      // Lab callers are simulated people and must never pass for others.
      channel: principal.kind === 'lab' ? 'lab' : body.channel,
      media: livekit === null ? 'silent' : 'livekit',
      contact: body.contact,
      requestedBy: principal.kind === 'user' ? principal.userId : principal.kind,
    });
    const join =
      livekit === null ? null : await customerJoin(livekit, call.callId, call.room, call.contact.name);
    const doorToken =
      livekit === null && principal.kind === 'lab'
        ? await signDoorToken({ callId: call.callId, offer: 1, hostId: 'silent' }, doorSecret, Date.now())
        : null;
    return c.json({ call: { id: call.callId }, join, doorToken }, 201);
  })
  .get('/api/calls', async (c) => {
    const status = c.req.query('status') ?? 'ended';
    if (status === 'live') return c.json({ calls: await boardOf(c.env).live(), nextCursor: null });
    if (status !== 'ended')
      return refuse(c, 'malformed', 'Unknown status.', { detail: '`status` is live or ended.' });
    const given = c.req.query('cursor');
    const cursor = given === undefined ? null : parseCursor(given);
    if (given !== undefined && cursor === null) {
      return refuse(c, 'malformed', 'Unknown cursor.', {
        detail: 'Pass `nextCursor` of the page before, unchanged.',
      });
    }
    return c.json(await endedCalls(c.env.DB, cursor, PAGE));
  })
  .get('/api/calls/:callId', async (c) => {
    const call = (await callRoom(c)?.summary()) ?? null;
    return call === null ? noSuchCall(c) : c.json({ call });
  })
  .get('/api/calls/:callId/events', async (c) => {
    const since = Number(c.req.query('since') ?? 0);
    if (!Number.isSafeInteger(since) || since < 0) {
      return refuse(c, 'malformed', 'Unknown place in the ledger.', {
        detail: '`since` is a sequence number.',
      });
    }
    const page = (await callRoom(c)?.events(since)) ?? null;
    return page === null ? noSuchCall(c) : c.json(page);
  })
  .get('/api/calls/:callId/transcript', async (c) => {
    const utterances = (await callRoom(c)?.transcript()) ?? null;
    if (utterances === null) return noSuchCall(c);
    return c.json({
      callId: c.req.param('callId'),
      utterances: utterances.map(({ seq: _seq, ...utterance }) => utterance),
    });
  })
  .post('/api/calls/:callId/hang-up', (c) => endByPerson(c, 'hangUp'))
  .post('/api/calls/:callId/complete', (c) => endByPerson(c, 'markCompleted'))
  .get('/api/calls/:callId/effects', async (c) => {
    const room = callRoom(c);
    if (room === null || (await room.summary()) === null) return noSuchCall(c);
    return c.json({ parked: await room.parkedEffects() });
  })
  .post('/api/calls/:callId/effects/retry', async (c) => {
    const room = callRoom(c);
    if (room === null || (await room.summary()) === null) return noSuchCall(c);
    return c.json({ retried: await room.retryParkedEffects() }, 202);
  });

async function endByPerson(c: Context<AppEnv>, type: 'hangUp' | 'markCompleted'): Promise<Response> {
  const room = callRoom(c);
  const principal = c.get('principal');
  if (room === null || principal.kind !== 'user') return noSuchCall(c);
  const taken = await room.take({ type, by: principal.userId });
  return taken.ok ? c.json({}, 202) : refuse(c, taken.refusal.code, taken.refusal.message);
}
