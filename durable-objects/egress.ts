import type { EgressInfo } from 'livekit-server-sdk';
import {
  EgressClient,
  EgressStatus,
  EncodedFileOutput,
  EncodedFileType,
  S3Upload,
  TwirpError,
} from 'livekit-server-sdk';
import type { CallInput } from '../domain/call/input.ts';
import type { CallState } from '../domain/call/state.ts';
import { AUDIO_TYPE } from '../protocol/recorder.ts';
import type { Env } from './env.ts';
import { liveKitHost } from './livekit-host.ts';
import { audioKey, forgetRecordings, recordingOfKey } from './recording-store.ts';

/** Longer than any healthy answer; a slower one is tried again from the outbox. */
const REQUEST_TIMEOUT_S = 5;

/** `AudioMixing.DUAL_CHANNEL_AGENT` of livekit_egress.proto, which the SDK does not name: agents left, all others right. */
const AGENTS_LEFT = 1;

/** The few things a call asks of LiveKit's Egress service. Each is safe to repeat and throws when it failed. */
export interface Egress {
  /** Records the room's sound into the file of that name, once however often it is asked. */
  start(callId: string, room: string, recordingId: string): Promise<void>;
  /** Nothing more is recorded when it resolves. */
  stop(callId: string, room: string, recordingId: string): Promise<void>;
  /** Asks what has become of the call's recordings, and tells the call. */
  settle(call: CallState, take: (input: CallInput) => boolean): Promise<void>;
}

/** Null: agents' hosts record themselves. */
export function egressOf(env: Env): Egress | null {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = env;
  const bucket = bucketOf(env);
  if (!url || !key || !secret || bucket === null) return null;
  const client = new EgressClient(liveKitHost(url), key, secret, { requestTimeout: REQUEST_TIMEOUT_S });
  const find = async (callId: string, room: string, recordingId: string): Promise<EgressInfo | undefined> => {
    const known = await client.listEgress({ roomName: room });
    return known.find((each) => recordingOf(each, callId) === recordingId);
  };
  return {
    async start(callId, room, recordingId) {
      if ((await find(callId, room, recordingId)) !== undefined) return;
      const file = new EncodedFileOutput({
        fileType: EncodedFileType.MP3,
        filepath: audioKey(callId, recordingId),
        // Its own description of the file would stand beside it in the bucket, and outlive an erasure.
        disableManifest: true,
        output: { case: 's3', value: bucket },
      });
      await client.startRoomCompositeEgress(room, { file }, { audioOnly: true, audioMixing: AGENTS_LEFT });
    },
    async stop(callId, room, recordingId) {
      const running = await find(callId, room, recordingId);
      // A card number must not be thought unheard: what cannot be found may be running all the same.
      if (running === undefined) throw new Error('no such recording at Egress');
      if (isOver(running.status)) return;
      try {
        await client.stopEgress(running.egressId);
      } catch (error) {
        // Over in the meantime.
        if (!(error instanceof TwirpError && (error.status === 404 || error.status === 412))) throw error;
      }
    },
    async settle({ request: { callId, room } }, take) {
      for (const info of await client.listEgress({ roomName: room }))
        await takeEgressNews(env, callId, info, take);
    },
  };
}

/** Who records what is requested here (REC-10). */
export const recorderIn = (env: Env): { readonly recorder?: 'egress' } =>
  bucketOf(env) === null ? {} : { recorder: 'egress' };

/** R2 as LiveKit's service reaches it, over S3; null where the deployment has not set it up. */
function bucketOf(env: Env): S3Upload | null {
  const {
    EGRESS_S3_ENDPOINT: endpoint,
    EGRESS_S3_BUCKET: bucket,
    EGRESS_S3_ACCESS_KEY: accessKey,
    EGRESS_S3_SECRET: secret,
  } = env;
  if (!endpoint || !bucket || !accessKey || !secret) return null;
  return new S3Upload({ endpoint, bucket, accessKey, secret, region: 'auto', forcePathStyle: true });
}

const isOver = (status: EgressStatus): boolean =>
  status !== EgressStatus.EGRESS_STARTING && status !== EgressStatus.EGRESS_ACTIVE;

/** Which recording of the call this is, by its file's name; null: none of ours. */
function recordingOf(info: EgressInfo, callId: string): string | null {
  const asked = info.request.case === 'roomComposite' ? info.request.value : null;
  const [output] = asked?.fileOutputs ?? [];
  return recordingOfKey(info.fileResults[0]?.filename || output?.filepath || '', callId);
}

/**
 * What Egress tells of one recording, as news for its call: safe to repeat, in any order. That it is stored is believed only
 * when the file is in our bucket (REC-10).
 */
async function newsOf(env: Env, callId: string, info: EgressInfo): Promise<readonly CallInput[]> {
  const recordingId = recordingOf(info, callId);
  if (recordingId === null) return [];
  const news = (each: Extract<CallInput, { type: 'recordingNews' }>['news']): CallInput => ({
    type: 'recordingNews',
    hostId: null,
    news: each,
  });
  const failed = (reason: string): CallInput => news({ type: 'recordingFailed', recordingId, reason });
  const [file] = info.fileResults;
  const startedAtMs = msOf(file?.startedAt || info.startedAt);
  const begun =
    startedAtMs === 0
      ? []
      : [news({ type: 'recordingBegun', recordingId, recorder: 'egress', hostId: null, startedAtMs })];
  switch (info.status) {
    case EgressStatus.EGRESS_ACTIVE:
      return begun;
    case EgressStatus.EGRESS_COMPLETE:
    case EgressStatus.EGRESS_LIMIT_REACHED: {
      const durationMs = msOf(file?.duration ?? 0n);
      const stored = await env.ARCHIVE.head(audioKey(callId, recordingId));
      const ended = news({ type: 'recordingEnded', recordingId, durationMs });
      return [
        ...begun,
        ended,
        stored === null
          ? failed('Egress says it is done, but its file is not in the bucket')
          : { type: 'recordingStored', recordingId, durationMs, bytes: stored.size, mediaType: AUDIO_TYPE },
      ];
    }
    case EgressStatus.EGRESS_FAILED:
    case EgressStatus.EGRESS_ABORTED:
      return [...begun, failed(`Egress: ${info.error || 'it failed'}`.slice(0, 300))];
    default:
      return [];
  }
}

/** Nanoseconds, as LiveKit counts, to ms. */
const msOf = (nanoseconds: bigint): number => Number(nanoseconds / 1_000_000n);

/** Takes what Egress tells of one recording into its call; what an erasure came before is deleted again (PRIVACY-13). */
export async function takeEgressNews(
  env: Env,
  callId: string,
  info: EgressInfo,
  take: (input: CallInput) => Promise<boolean> | boolean,
): Promise<void> {
  for (const input of await newsOf(env, callId, info)) {
    const taken = await take(input);
    if (!taken && input.type === 'recordingStored') await forgetRecordings(env.ARCHIVE, callId);
  }
}
