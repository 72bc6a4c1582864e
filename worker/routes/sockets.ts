import { Hono } from 'hono';
import type { Context } from 'hono';
import { boardOf, noticesOf } from '../../durable-objects/env.ts';
import { sightIn } from '../access/sight.ts';
import { signedIn } from '../access/signed-in.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import * as z from 'zod/mini';
import { callRoomOf } from '../../durable-objects/env.ts';
import { Uuid } from '../../protocol/api/common.ts';
import { noSuchCall } from './calls.ts';

/** Sockets are authorised here and handed to their object with what was verified in the inner URL, nothing else. */
export const socketRoutes = new Hono<AppEnv>()
  .get('/ws/board', (c) => {
    if (!isUpgrade(c)) return upgradeRequired(c);
    const { userId } = signedIn(c);
    return boardOf(c.env).fetch(inner(c, '/board', { user: userId, sight: sightIn(c), v: c.req.query('v') }));
  })
  .get('/ws/notifications', (c) => {
    if (!isUpgrade(c)) return upgradeRequired(c);
    const { userId } = signedIn(c);
    return noticesOf(c.env).fetch(inner(c, '/notices', { user: userId, v: c.req.query('v') }));
  })
  .get('/ws/calls/:callId', async (c) => {
    if (!isUpgrade(c)) return upgradeRequired(c);
    const room = callRoom(c);
    const principal = c.get('principal');
    if (room === null || principal.kind !== 'user') return noSuchCall(c);
    const { since, epoch, v } = c.req.query();
    const asked = { user: principal.userId, sight: sightIn(c), since, epoch, v };
    const response = await room.fetch(inner(c, '/monitor', asked));
    if (response.status === 404) return noSuchCall(c);
    // Coming back after a lost connection is the same watching.
    if (Number(since ?? 0) === 0) {
      c.executionCtx.waitUntil(audit(c, 'call.watched', { subject: `call:${c.req.param('callId')}` }));
    }
    return response;
  })
  .get('/ws/agent/:callId', async (c) => {
    if (!isUpgrade(c)) return upgradeRequired(c);
    const room = callRoom(c);
    const principal = c.get('principal');
    if (room === null || principal.kind !== 'agent') return noSuchCall(c);
    const { offer, hostId } = principal.claims;
    const response = await room.fetch(inner(c, '/agent', { offer: String(offer), hostId }));
    return response.status === 404 ? noSuchCall(c) : response;
  });

const isUpgrade = (c: Context<AppEnv>): boolean => c.req.header('upgrade')?.toLowerCase() === 'websocket';

const upgradeRequired = (c: Context<AppEnv>): Response =>
  refuse(c, 'upgrade_required', 'This is a WebSocket.', { headers: { upgrade: 'websocket' } });

function inner(c: Context<AppEnv>, path: string, query: Record<string, string | undefined>): Request {
  const url = new URL(`https://object${path}`);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return new Request(url, { headers: { upgrade: 'websocket' } });
}

function callRoom(c: Context<AppEnv>) {
  const callId = z.safeParse(Uuid, c.req.param('callId'));
  return callId.success ? callRoomOf(c.env, callId.data) : null;
}
