import { Hono } from 'hono';
import type { Context } from 'hono';
import { callIdOfRoom } from '../../domain/call/identity.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import * as contracts from '../../protocol/api/rooms.ts';
import { Uuid } from '../../protocol/api/common.ts';
import * as z from 'zod/mini';
import { principalName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { audit } from '../audit/record.ts';
import { profileNamed } from '../../database/profiles.ts';
import { requestCall } from '../calls/request-call.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { roomClient } from '../livekit/clients.ts';
import { customerJoin } from '../livekit/customer-token.ts';

export const roomRoutes = new Hono<AppEnv>();

serve(roomRoutes, contracts.createRoom, async (c, { body }) => {
  const profile = await profileNamed(c.env.DB, body.agent);
  if (profile === null) return refuse(c, 'profile_unknown', 'There is no such agent.');
  const { livekit } = c.get('settings');
  if (livekit === null) return noMediaServer(c);
  const call = await requestCall(c.env, {
    callId: c.get('newId'),
    profile,
    channel: 'web',
    media: 'livekit',
    contact: { name: body.name?.trim() || null },
    requestedBy: principalName(c.get('principal')),
  });
  await audit(c, 'call.created', { subject: `call:${call.callId}` });
  return { callId: call.callId, ...(await customerJoin(livekit, call.callId, call.room, call.contact.name)) };
});

serve(roomRoutes, contracts.listRooms, async (c) => {
  const { livekit } = c.get('settings');
  if (livekit === null) return noMediaServer(c);
  const rooms = await roomClient(livekit).listRooms();
  return {
    rooms: rooms.map((room) => ({
      name: room.name,
      callId: callOf(room.name),
      participants: room.numParticipants,
      createdAtMs: Number(room.creationTime) * 1000,
    })),
  };
});

/** Only rooms named as ours are closed: a media server may serve others too. */
serve(roomRoutes, contracts.cleanUpRooms, async (c) => {
  const { livekit } = c.get('settings');
  if (livekit === null) return noMediaServer(c);
  const client = roomClient(livekit);
  const closed: string[] = [];
  let kept = 0;
  for (const { name } of await client.listRooms()) {
    const callId = callOf(name);
    const call = callId === null ? undefined : await callRoomOf(c.env, callId).summary();
    if (callId === null || (call !== null && call?.phase !== 'ended')) {
      kept++;
      continue;
    }
    await client.deleteRoom(name);
    closed.push(name);
  }
  await audit(c, 'rooms.cleanedUp', { detail: `${closed.length} closed` });
  return { closed, kept };
});

function callOf(room: string): string | null {
  const callId = callIdOfRoom(room);
  return callId !== null && z.safeParse(Uuid, callId).success ? callId : null;
}

const noMediaServer = (c: Context<AppEnv>): Response =>
  refuse(c, 'media_unavailable', 'This deployment has no media server.');
