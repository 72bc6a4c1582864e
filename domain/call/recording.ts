import type { CallEvent } from './fact.ts';
import type { CallState } from './state.ts';

/** Whether a call's sound is kept. `afterConsent`: from when the consent line was said. */
export type RecordingPolicy = 'off' | 'on' | 'afterConsent';

/** Who records: the host's own recorder, or LiveKit's Egress service. */
export type Recorder = 'host' | 'egress';

/** The customer was told that the call is recorded, and did not hang up (REC-2). */
export interface ConsentLineSaid {
  readonly type: 'consentLineSaid';
}

/** Decided as the call is requested; otherwise its hosts record it. */
export const isRecordedByEgress = ({ request }: CallState): boolean => request.recorder === 'egress';

/** One stretch of sound: a call has one for each recorder that served it, several when a host was lost. */
export interface RecordingBegun {
  readonly type: 'recordingBegun';
  readonly recordingId: string;
  readonly recorder: Recorder;
  /** Null where LiveKit's service records. */
  readonly hostId: string | null;
  /** When its first sample was heard, on the ledger's clock. */
  readonly startedAtMs: number;
}

/** Silence is written from here on: times in the file stay those of the call. */
export interface RecordingPaused {
  readonly type: 'recordingPaused';
  readonly recordingId: string;
}

export interface RecordingResumed {
  readonly type: 'recordingResumed';
  readonly recordingId: string;
}

/** Nothing more is recorded; what there is waits to be stored. */
export interface RecordingEnded {
  readonly type: 'recordingEnded';
  readonly recordingId: string;
  readonly durationMs: number;
}

/** It is in R2, whole: R2 itself has confirmed the digest. */
export interface RecordingStored {
  readonly type: 'recordingStored';
  readonly recordingId: string;
  readonly durationMs: number;
  readonly bytes: number;
  /** Media type of the file. */
  readonly mediaType: string;
}

/** There is none, or not all of it, and why. Also when none could be begun where the policy wants one. */
export interface RecordingFailed {
  readonly type: 'recordingFailed';
  readonly recordingId: string;
  readonly reason: string;
}

export type RecordingFact =
  | ConsentLineSaid
  | RecordingBegun
  | RecordingPaused
  | RecordingResumed
  | RecordingEnded
  | RecordingStored
  | RecordingFailed;

/** What a recorder tells of itself. That it is stored is told by whoever stored it. */
export type RecordingNews = Exclude<RecordingFact, RecordingStored | ConsentLineSaid>;

/** `pending`: recorded, not stored yet. */
export type RecordingPhase = 'recording' | 'paused' | 'pending' | 'stored' | 'failed';

export interface Recording {
  readonly recordingId: string;
  readonly recorder: Recorder;
  readonly hostId: string | null;
  readonly phase: RecordingPhase;
  readonly startedAtMs: number;
  readonly durationMs: number | null;
  readonly bytes: number | null;
  readonly mediaType: string | null;
  readonly reason: string | null;
}

/** Names the failure to begin any: there is no recording to name. */
export const NONE_BEGUN = 'none';

/** Folds a fact of recording. Pure and total: news of a recording nobody began (its beginning was lost) begins it. */
export function foldRecording(call: CallState, event: RecordingFact & Pick<CallEvent, 'atMs'>): CallState {
  if (event.type === 'consentLineSaid') return { ...call, consentLineSaidAtMs: event.atMs };
  const recordings = applyRecording(call.recordings ?? [], event);
  switch (event.type) {
    case 'recordingPaused':
      return { ...call, recordings, recordingPaused: true };
    case 'recordingResumed':
      return { ...call, recordings, recordingPaused: false };
    default:
      return { ...call, recordings };
  }
}

type OneRecording = Exclude<RecordingFact, ConsentLineSaid>;

function applyRecording(
  before: readonly Recording[],
  event: OneRecording & Pick<CallEvent, 'atMs'>,
): readonly Recording[] {
  const { recordingId } = event;
  // One was begun after all: its news was late.
  const recordings =
    event.type === 'recordingBegun' ? before.filter((each) => each.recordingId !== NONE_BEGUN) : before;
  const known = recordings.find((each) => each.recordingId === recordingId) ?? {
    recordingId,
    recorder: 'host' as const,
    hostId: null,
    phase: 'recording' as const,
    startedAtMs: event.atMs,
    durationMs: null,
    bytes: null,
    mediaType: null,
    reason: null,
  };
  const next = changed(known, event);
  return recordings.some((each) => each.recordingId === recordingId)
    ? recordings.map((each) => (each.recordingId === recordingId ? next : each))
    : [...recordings, next];
}

function changed(recording: Recording, event: OneRecording): Recording {
  switch (event.type) {
    case 'recordingBegun': {
      const { recorder, hostId, startedAtMs } = event;
      return { ...recording, recorder, hostId, startedAtMs };
    }
    case 'recordingPaused':
      return { ...recording, phase: 'paused' };
    case 'recordingResumed':
      return { ...recording, phase: 'recording' };
    case 'recordingEnded':
      return { ...recording, phase: 'pending', durationMs: event.durationMs };
    case 'recordingStored': {
      const { durationMs, bytes, mediaType } = event;
      return { ...recording, phase: 'stored', durationMs, bytes, mediaType, reason: null };
    }
    case 'recordingFailed':
      return { ...recording, phase: 'failed', reason: event.reason };
  }
}
