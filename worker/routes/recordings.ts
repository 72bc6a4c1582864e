import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Recording } from '../../domain/call/recording.ts';
import { audioKey, peaksKey } from '../../durable-objects/recording-store.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import * as contracts from '../../protocol/api/recordings.ts';
import { AUDIO_TYPE } from '../../protocol/recorder.ts';
import type { AppEnv } from '../app-env.ts';
import { audit, auditOnce } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { byteRange } from '../recordings/byte-range.ts';
import { noSuchCall } from './calls.ts';

/** A player asks for a recording in many pieces: it is one listening. */
const ONE_LISTENING_MS = 3_600_000;

export const recordingRoutes = new Hono<AppEnv>();

interface Ids {
  readonly callId: string;
  readonly recordingId: string;
}

serve(recordingRoutes, contracts.getRecordingAudio, async (c, { params, query }) => {
  const recording = await storedRecording(c, params);
  if (recording instanceof Response) return recording;
  const found = await c.env.ARCHIVE.head(audioKey(params.callId, params.recordingId));
  if (found === null) return notStored(c, 'missing');
  const download = query.download === '1';
  const headers = new Headers({
    'content-type': AUDIO_TYPE,
    'accept-ranges': 'bytes',
    etag: found.httpEtag,
    'cache-control': 'private, no-store',
  });
  if (download)
    headers.set('content-disposition', `attachment; filename="${nameOf(recording, params.callId)}"`);
  // Nothing is heard that is not recorded first (REC-9).
  const subject = `call:${params.callId}`;
  const detail = `recording:${params.recordingId}`;
  if (download) await audit(c, 'recording.downloaded', { subject, detail });
  else await auditOnce(c, 'recording.listened', { subject, detail }, ONE_LISTENING_MS);
  if (c.req.header('if-none-match') === found.httpEtag) return new Response(null, { status: 304, headers });
  const ifRange = c.req.header('if-range');
  const isSame = ifRange === undefined || ifRange === found.httpEtag;
  return sound(c, params, found, isSame ? byteRange(c.req.header('range'), found.size) : 'whole', headers);
});

serve(recordingRoutes, contracts.getRecordingPeaks, async (c, { params }) => {
  const recording = await storedRecording(c, params);
  if (recording instanceof Response) return recording;
  const found = await c.env.ARCHIVE.get(peaksKey(params.callId, params.recordingId));
  if (found === null) return notStored(c, 'missing');
  return (await found.json()) as { perSecond: number; customer: number[]; agents: number[] };
});

async function sound(
  c: Context<AppEnv>,
  { callId, recordingId }: Ids,
  { size, etag }: R2Object,
  range: ReturnType<typeof byteRange>,
  headers: Headers,
): Promise<Response> {
  if (range === 'unsatisfiable') {
    return refuse(c, 'range_not_satisfiable', 'The recording is shorter.', {
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  const { first, last } = range === 'whole' ? { first: 0, last: size - 1 } : range;
  const length = last - first + 1;
  const found = await c.env.ARCHIVE.get(audioKey(callId, recordingId), {
    range: { offset: first, length },
    onlyIf: { etagMatches: etag },
  });
  // Erased or replaced since we looked.
  if (found === null || !('body' in found)) return notStored(c, 'missing');
  headers.set('content-length', String(length));
  if (range !== 'whole') headers.set('content-range', `bytes ${first}-${last}/${size}`);
  return new Response(found.body.pipeThrough(new FixedLengthStream(length)), {
    status: range === 'whole' ? 200 : 206,
    headers,
  });
}

async function storedRecording(
  c: Context<AppEnv>,
  { callId, recordingId }: Ids,
): Promise<Recording | Response> {
  const kept = await callRoomOf(c.env, callId).recordings();
  if (kept === null) return noSuchCall(c);
  const recording = kept.recordings.find((each) => each.recordingId === recordingId);
  if (kept.erased || recording === undefined) return refuse(c, 'not_found', 'There is no such recording.');
  return recording.phase === 'stored' ? recording : notStored(c, recording.phase);
}

const notStored = (c: Context<AppEnv>, detail: string): Response =>
  refuse(c, 'recording_not_stored', 'This recording is not stored.', { detail });

/** Names the call and the time, nobody. */
const nameOf = ({ startedAtMs }: Recording, callId: string): string =>
  `call-${callId}-${new Date(startedAtMs).toISOString().slice(0, 19).replaceAll(':', '')}.mp3`;
