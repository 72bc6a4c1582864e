import type { RecordingPolicy } from '../call/recording.ts';

/** How an agent is to behave: what a call's agent is told when it opens the door. */
export interface Profile {
  /** The name in URLs: lower-case letters, digits and hyphens. */
  readonly slug: string;
  readonly title: string;
  readonly greeting: string;
  /** Said to a caller whom nobody can take. */
  readonly busyLine: string;
  /** Said by the agent as a colleague takes the line, and as it has it back; English ones stand in for those left out. */
  readonly takeOverLine?: string;
  readonly handBackLine?: string;
  /** Said when a colleague on the line was lost. */
  readonly operatorLostLine?: string;
  /** Told to the model, never to a caller. */
  readonly instructions: string;
  /** BCP 47. */
  readonly language: string;
  readonly recording: RecordingPolicy;
  /** Said after the first words where recording needs consent: whoever stays on the line has heard it. */
  readonly consentLine: string | null;
}
