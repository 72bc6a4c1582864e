import * as z from 'zod/mini';
import { AtMs, Count, DurationMs, Id } from './primitives.ts';

export const RecordingPolicySchema = z.enum(['off', 'on', 'afterConsent']);
export const ConsentLineSaidSchema = z.object({ type: z.literal('consentLineSaid') });

const recordingId = { recordingId: Id };

export const RecordingBegunSchema = z.object({
  type: z.literal('recordingBegun'),
  ...recordingId,
  recorder: z.enum(['host', 'egress']),
  hostId: z.nullable(Id),
  startedAtMs: AtMs,
});
export const RecordingPausedSchema = z.object({ type: z.literal('recordingPaused'), ...recordingId });
export const RecordingResumedSchema = z.object({ type: z.literal('recordingResumed'), ...recordingId });
export const RecordingEndedSchema = z.object({
  type: z.literal('recordingEnded'),
  ...recordingId,
  durationMs: DurationMs,
});
export const RecordingStoredSchema = z.object({
  type: z.literal('recordingStored'),
  ...recordingId,
  durationMs: DurationMs,
  bytes: Count,
  mediaType: z.string(),
});
export const RecordingFailedSchema = z.object({
  type: z.literal('recordingFailed'),
  ...recordingId,
  reason: z.string().check(z.maxLength(300)),
});

/** The facts of recording as they travel. */
export const recordingFacts = [
  ConsentLineSaidSchema,
  RecordingBegunSchema,
  RecordingPausedSchema,
  RecordingResumedSchema,
  RecordingEndedSchema,
  RecordingStoredSchema,
  RecordingFailedSchema,
] as const;
