import type { Context } from 'hono';
import { audioKey, forgetRecordings, peaksKey } from '../../durable-objects/recording-store.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import type { RecordingFate } from '../../protocol/recorder.ts';
import { AUDIO_TYPE, RECORDING_MAX_BYTES, sha256OfContentDigest } from '../../protocol/recorder.ts';
import type { AppEnv } from '../app-env.ts';
import { refuse } from '../http/problem.ts';

export interface Upload {
  readonly callId: string;
  readonly recordingId: string;
  readonly part: 'peaks' | 'audio';
  readonly durationMs: number;
}

/** What is to become of the host's copy. An unknown call was removed: it is only asked about after it was served. */
export async function fateOf(
  c: Context<AppEnv>,
  callId: string,
  recordingId: string,
): Promise<RecordingFate> {
  const kept = await callRoomOf(c.env, callId).recordings();
  if (kept === null || kept.erased) return 'gone';
  const known = kept.recordings.find((each) => each.recordingId === recordingId);
  return known?.phase === 'stored' ? 'stored' : 'wanted';
}

/**
 * Streams one file into R2, which checks its digest, and then has the ledger say so. An erasure may come in between: what
 * the ledger does not take is deleted again (PRIVACY-13).
 */
export async function takeUpload(c: Context<AppEnv>, upload: Upload): Promise<Response> {
  const { callId, recordingId, part, durationMs } = upload;
  const bytes = Number(c.req.header('content-length') ?? Number.NaN);
  const digest = sha256OfContentDigest(c.req.header('content-digest'));
  const { body } = c.req.raw;
  if (!Number.isInteger(bytes) || bytes < 1 || digest === null || body === null)
    return refuse(c, 'malformed', 'A file comes with its length and its SHA-256.');
  if (bytes > RECORDING_MAX_BYTES) return refuse(c, 'oversized', 'No recording is this large.');
  const fate = await fateOf(c, callId, recordingId);
  if (fate !== 'wanted') {
    await body.cancel();
    return fate === 'stored' ? c.json({ fate }) : gone(c, callId);
  }
  const key = part === 'audio' ? audioKey(callId, recordingId) : peaksKey(callId, recordingId);
  const stored = await put(c, key, body, bytes, digest, part === 'audio' ? AUDIO_TYPE : 'application/json');
  if (stored !== 'stored') return stored;
  if (part === 'peaks') {
    // It may have been erased while it was on its way.
    return (await fateOf(c, callId, recordingId)) === 'gone' ? gone(c, callId) : c.json({ fate });
  }
  const taken = await callRoomOf(c.env, callId).take({
    type: 'recordingStored',
    ...{ recordingId, durationMs, bytes, mediaType: AUDIO_TYPE },
  });
  return taken.ok ? c.json({ fate: 'stored' }) : gone(c, callId);
}

async function put(
  c: Context<AppEnv>,
  key: string,
  body: ReadableStream,
  bytes: number,
  digest: string,
  contentType: string,
): Promise<'stored' | Response> {
  const sha256 = Uint8Array.from(atob(digest), (letter) => letter.charCodeAt(0));
  // A body that is shorter or longer than it says ends the stream with an error, and nothing is stored.
  const measured = new FixedLengthStream(bytes);
  const flowing = body.pipeTo(measured.writable).catch(() => undefined);
  try {
    await c.env.ARCHIVE.put(key, measured.readable, { sha256, httpMetadata: { contentType } });
    await flowing;
    return 'stored';
  } catch (error) {
    // 10037 is R2's own number for a digest that does not match.
    if (!/FixedLengthStream|checksum|did not match|10037/i.test(String(error))) throw error;
    return refuse(c, 'digest_mismatch', 'What arrived is not what was announced: send it again.');
  }
}

async function gone(c: Context<AppEnv>, callId: string): Promise<Response> {
  await forgetRecordings(c.env.ARCHIVE, callId);
  return refuse(c, 'recording_gone', 'This call was erased: delete your copy.');
}
