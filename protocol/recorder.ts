import * as z from 'zod/mini';
import { Id } from './primitives.ts';
import {
  RecordingBegunSchema,
  RecordingEndedSchema,
  RecordingFailedSchema,
  RecordingPausedSchema,
  RecordingResumedSchema,
} from './recording.ts';

/**
 * What an agent host says of its recordings: `POST /api/fleet/recordings/:callId/:recordingId/news`, with the hosts' key.
 * Repeating it changes nothing.
 */
export const RecorderNewsSchema = z.object({
  /** Whose clock the times are on. */
  hostId: Id,
  news: z
    .array(
      z.discriminatedUnion('type', [
        RecordingBegunSchema,
        RecordingPausedSchema,
        RecordingResumedSchema,
        RecordingEndedSchema,
        RecordingFailedSchema,
      ]),
    )
    .check(z.minLength(1), z.maxLength(100)),
});

/**
 * What becomes of the host's copy. `wanted`: keep it and upload it. `stored`: R2 has it, delete it. `gone`: the call or its
 * words were erased, delete it.
 */
export const RecordingFateSchema = z.object({ fate: z.enum(['wanted', 'stored', 'gone']) });
export type RecordingFate = z.infer<typeof RecordingFateSchema>['fate'];

/**
 * The file: `PUT …/peaks`, then `PUT …/audio?durationMs=`, each with `content-length` and `content-digest` (RFC 9530,
 * SHA-256), which R2 checks. 200 means that R2 has it and, after the sound, that the ledger says so.
 */
export const contentDigest = (sha256Base64: string): string => `sha-256=:${sha256Base64}:`;
/** The digest's bytes in base64; null for anything else. */
export const sha256OfContentDigest = (header: string | undefined): string | null =>
  /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(header ?? '')?.[1] ?? null;

/** The longest call is far below it. */
export const RECORDING_MAX_BYTES = 64 * 1024 * 1024;
export const AUDIO_TYPE = 'audio/mpeg';
