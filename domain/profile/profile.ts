import type { RecordingPolicy } from '../call/recording.ts';
import type { ModelChoice } from './models.ts';

/** What the agent can do beside talking; `do_not_call` and `end_call` it always can. */
export const toolNames = [
  'do_not_call',
  'end_call',
  'request_human',
  'schedule_call_back',
  'record_answer',
  'look_up_vehicle',
  'read_vehicle',
  'create_vehicle',
  'switch_language',
] as const;
export type ToolName = (typeof toolNames)[number];

/** Something the agent is to find out; `key` names its answer. */
export interface Question {
  /** Lower-case letters, digits and underscores. */
  readonly key: string;
  readonly question: string;
}

/** What is said to a customer who says nothing. */
export interface SilenceRule {
  /** After so many seconds without a word. */
  readonly askAfterS: number;
  /** So often in a row; then the agent says goodbye and hangs up. */
  readonly asks: number;
  readonly line: string;
}

/** How an agent is to behave: what a call's agent is told when it opens the door. A call keeps the one it was begun with. */
export interface Profile {
  /** The name in URLs: lower-case letters, digits and hyphens. */
  readonly slug: string;
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
  /** BCP 47: languages it may go on in when the customer wants that. */
  readonly otherLanguages: readonly string[];

  readonly greeting: string;
  /** Says that an AI speaks, right after the greeting's first words; null where the greeting does. */
  readonly disclosureLine: string | null;
  /** Told to the model, never to a caller. `{{contact.name}}` and a lead's placeholders are filled in as data. */
  readonly instructions: string;
  /** Said to a caller whom nobody can take. */
  readonly busyLine: string;
  /** Said by the agent as a colleague takes the line, and as it has it back. */
  readonly takeOverLine: string;
  readonly handBackLine: string;
  /** Said when a colleague on the line was lost. */
  readonly operatorLostLine: string;
  /** Said before the agent hangs up by itself: after silence, at a limit. */
  readonly goodbyeLine: string;
  /** Said when no model answers any more; a call back is noted then. */
  readonly outageLine: string;
  /** Left on a machine where the call says that one is to be left and has none of its own. */
  readonly voicemailLine: string | null;

  /** Speech to text, in order: the first that works serves. None: the agent host's own. */
  readonly hearing: readonly ModelChoice[];
  /** The language model. */
  readonly thinking: readonly ModelChoice[];
  /** Text to speech. */
  readonly speaking: readonly ModelChoice[];
  /** Speech to speech, instead of the three. Not served yet: the three serve. */
  readonly realtime: ModelChoice | null;
  /** 1: as the voice is; 0.5 to 2. */
  readonly speakingRate: number;

  readonly tools: readonly ToolName[];
  /** Names of tools an admin defined. */
  readonly httpTools: readonly string[];
  readonly questions: readonly Question[];
  /** Whom a customer who wants a person is for, as people know it: "Sales"; null: whoever is there. */
  readonly transferTo: string | null;

  /** Longest call, seconds from the answer. */
  readonly maximumDurationS: number;
  /** The call ends when its models have cost this, millionths of a US dollar by the deployment's prices; null: no limit. */
  readonly maximumSpendMicros: number | null;
  readonly silence: SilenceRule;
  readonly recording: RecordingPolicy;
  /** Said after the first words where recording needs consent: whoever stays on the line has heard it. */
  readonly consentLine: string | null;
}

/** A profile as it was published. */
export interface PublishedProfile {
  readonly profile: Profile;
  /** From 1; `DRAFT_VERSION`: a draft that is being tried. */
  readonly version: number;
}

/** Stands where a version would for a call that tries a draft. */
export const DRAFT_VERSION = 0;
