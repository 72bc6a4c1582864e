import { Hono } from 'hono';
import type { Context } from 'hono';
import * as z from 'zod/mini';
import { callRoomOf } from '../../durable-objects/env.ts';
import { Uuid } from '../../protocol/api/common.ts';
import { RecorderNewsSchema } from '../../protocol/recorder.ts';
import type { AppEnv } from '../app-env.ts';
import { jsonBody } from '../http/body.ts';
import { refuse } from '../http/problem.ts';
import { fateOf, takeUpload } from '../recordings/take-upload.ts';

const Params = z.object({ callId: Uuid, recordingId: Uuid });
const Duration = z.string().check(z.regex(/^\d{1,8}$/));

/** What agent hosts tell of recordings and bring of them: protocol/recorder.ts. */
export const recorderRoutes = new Hono<AppEnv>()
  .post('/api/fleet/recordings/:callId/:recordingId/news', async (c) => {
    const params = z.safeParse(Params, c.req.param());
    if (!params.success) return unknown(c);
    const decoded = await jsonBody(c, RecorderNewsSchema);
    if (!decoded.ok) return decoded.response;
    const { callId, recordingId } = params.data;
    const { hostId, news } = decoded.body;
    if (news.some((each) => each.recordingId !== recordingId))
      return refuse(c, 'malformed', 'News of one recording at a time.');
    const room = callRoomOf(c.env, callId);
    const fate = await fateOf(c, callId, recordingId);
    if (fate !== 'wanted') return c.json({ fate });
    for (const each of news) await room.take({ type: 'recordingNews', hostId, news: each });
    return c.json({ fate });
  })
  .put('/api/fleet/recordings/:callId/:recordingId/peaks', (c) => upload(c, 'peaks'))
  .put('/api/fleet/recordings/:callId/:recordingId/audio', (c) => upload(c, 'audio'));

function upload(c: Context<AppEnv>, part: 'peaks' | 'audio'): Promise<Response> | Response {
  const params = z.safeParse(Params, c.req.param());
  if (!params.success) return unknown(c);
  const durationMs = z.safeParse(Duration, c.req.query('durationMs') ?? (part === 'peaks' ? '0' : ''));
  if (!durationMs.success) return refuse(c, 'malformed', 'How long it is, in ms, is missing.');
  return takeUpload(c, { ...params.data, part, durationMs: Number(durationMs.data) });
}

const unknown = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such recording.');
