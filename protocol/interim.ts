import * as z from 'zod/mini';
import { AtMs, Id, SpeakerSchema, Text } from './primitives.ts';

/** Words still being spoken: broadcast, never stored, never numbered. The final has the same `utteranceId`. */
export const InterimSchema = z.object({
  utteranceId: Id,
  speaker: SpeakerSchema,
  /** All of the utterance so far, not just the new words. */
  text: Text,
  startedAtMs: AtMs,
});
export type Interim = z.infer<typeof InterimSchema>;

export const AgentActivitySchema = z.enum(['initializing', 'listening', 'thinking', 'speaking']);
export type AgentActivity = z.infer<typeof AgentActivitySchema>;
