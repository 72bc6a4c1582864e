import { Hono } from 'hono';
import type { Context } from 'hono';
import { boardOf } from '../../durable-objects/env.ts';
import type { AppEnv } from '../app-env.ts';
import { refuse } from '../http/problem.ts';
import { callRoom, noSuchCall } from './calls.ts';

/** Sockets are authorised here and handed to their object with what was verified in the inner URL, nothing else. */
export const socketRoutes = new Hono<AppEnv>()
  .get('/ws/board', (c) => {
    if (!isUpgrade(c)) return upgradeRequired(c);
    return boardOf(c.env).fetch(inner(c, '/board', { v: c.req.query('v') }));
  })
  .get('/ws/calls/:callId', async (c) => {
    if (!isUpgrade(c)) return upgradeRequired(c);
    const room = callRoom(c);
    const principal = c.get('principal');
    if (room === null || principal.kind !== 'user') return noSuchCall(c);
    const { since, epoch, v } = c.req.query();
    const response = await room.fetch(inner(c, '/monitor', { user: principal.userId, since, epoch, v }));
    return response.status === 404 ? noSuchCall(c) : response;
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
