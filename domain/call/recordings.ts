import type { Deadline } from './deadlines.ts';
import type { Effect } from './effects.ts';
import type { Recording, RecordingFact, RecordingPolicy, RecordingStored } from './recording.ts';
import type { CallInput } from './input.ts';
import type { CallState } from './state.ts';
import { NONE_BEGUN } from './recording.ts';

/** Where a recording is wanted one has begun by then, counted from the answer or the consent line (REC-5). */
export const RECORDING_BEGIN_MS = 30_000;
/** What is not in R2 this long after the end of its call counts as lost; it is taken all the same (REC-5). */
export const RECORDING_STORE_MS = 24 * 3_600_000;
/** No upload takes longer: a Worker that stored something has said so by then. */
export const RECORDING_UPLOAD_MS = 10 * 60_000;

export interface RecordingsOfCall {
  /** Nothing of it may be kept. */
  readonly erased: boolean;
  readonly recordings: readonly Recording[];
}

const strictness: readonly RecordingPolicy[] = ['on', 'afterConsent', 'off'];

/** A campaign may only ask for less than its agent's profile does (REC-1). */
export const stricterPolicy = (one: RecordingPolicy, other: RecordingPolicy | undefined): RecordingPolicy =>
  other !== undefined && strictness.indexOf(other) > strictness.indexOf(one) ? other : one;

/** What holds for this call. Where nothing sounds nothing is recorded. */
export const recordingPolicyOf = ({ request }: CallState): RecordingPolicy =>
  request.media === 'silent' ? 'off' : (request.recording ?? 'off');

/** Its words and its sound are gone: nothing of it comes back. */
const isErased = (call: CallState): boolean => call.erased?.words === true;

const named = (call: CallState, recordingId: string): Recording | undefined =>
  call.recordings?.find((each) => each.recordingId === recordingId);

/** Its beginning was told; other news may have been first. */
const hasBegun = ({ recorder, hostId }: Recording): boolean => recorder === 'egress' || hostId !== null;

/**
 * What a recorder says, in whatever order and however often. Stored is the end of it; after a failure only its being stored
 * counts. Legal after the end of the call, for that is when most of it is told.
 */
export function recordingNews(
  call: CallState,
  { hostId, news }: Extract<CallInput, { type: 'recordingNews' }>,
  nowMs: number,
): readonly RecordingFact[] {
  if (isErased(call)) return [];
  const known = named(call, news.recordingId);
  const phase = known?.phase ?? 'recording';
  switch (news.type) {
    case 'recordingBegun': {
      if (known !== undefined && hasBegun(known)) return [];
      const startedAtMs = onOurClock(call, hostId, news.startedAtMs, nowMs);
      return [{ ...news, hostId: news.recorder === 'host' ? hostId : null, startedAtMs }];
    }
    case 'recordingPaused':
      return phase === 'recording' ? [news] : [];
    case 'recordingResumed':
      return phase === 'paused' ? [news] : [];
    case 'recordingEnded':
      return phase === 'recording' || phase === 'paused' ? [news] : [];
    case 'recordingFailed':
      return phase === 'stored' || phase === 'failed' ? [] : [news];
  }
}

/** Null: it must not be kept. */
export function recordingStored(call: CallState, stored: RecordingStored): readonly RecordingFact[] | null {
  if (isErased(call)) return null;
  return named(call, stored.recordingId)?.phase === 'stored' ? [] : [stored];
}

/** By the same offset as the words of the agent beside it, so that sound and transcript agree (LEDGER-10). */
function onOurClock(call: CallState, hostId: string | null, atMs: number, nowMs: number): number {
  const seat = call.agents.findLast((each) => each.hostId === hostId);
  const shifted = Math.round(atMs + (seat?.clockOffsetMs ?? 0));
  return Math.min(nowMs, Math.max(call.requestedAtMs, shifted));
}

const isSettled = ({ phase }: Recording): boolean => phase === 'stored' || phase === 'failed';

/** The deadline of its recordings, at most one; it stands after the end of the call too. */
export function recordingDeadlines(call: CallState): readonly Deadline[] {
  if (isErased(call)) return [];
  const recordings = call.recordings ?? [];
  const sinceMs = recordings.length > 0 ? null : wantedSinceMs(call);
  const unsettled = call.end !== null && recordings.some((each) => !isSettled(each));
  return [
    ...(sinceMs === null ? [] : [{ name: 'recordingBegin' as const, atMs: sinceMs + RECORDING_BEGIN_MS }]),
    ...(call.end !== null && unsettled
      ? [{ name: 'recordingStore' as const, atMs: call.end.atMs + RECORDING_STORE_MS }]
      : []),
  ];
}

/** Since when there should be one; null: there need be none (yet). */
function wantedSinceMs(call: CallState): number | null {
  if (call.answeredAtMs === null) return null;
  switch (recordingPolicyOf(call)) {
    case 'off':
      return null;
    case 'on':
      return call.answeredAtMs;
    case 'afterConsent':
      // A machine is told nothing.
      if (call.answeredBy?.verdict === 'machine' && call.consentLineSaidAtMs === undefined) return null;
      return call.consentLineSaidAtMs ?? call.end?.atMs ?? null;
  }
}

/** A recording is stored or its failure is visible, never silently missing (REC-5). */
export function recordingOverdue(call: CallState, nowMs: number): readonly RecordingFact[] {
  return recordingDeadlines(call)
    .filter((each) => each.atMs <= nowMs)
    .flatMap((each) => {
      if (each.name === 'recordingBegin') return [failed(NONE_BEGUN, whyNoneBegan(call))];
      const waiting = (call.recordings ?? []).filter((recording) => !isSettled(recording));
      return waiting.map(({ recordingId }) => failed(recordingId, 'not stored within a day of the end'));
    });
}

const whyNoneBegan = (call: CallState): string =>
  recordingPolicyOf(call) === 'afterConsent' && call.consentLineSaidAtMs === undefined
    ? 'the call ended before the consent line was said'
    : 'no recorder began';

const failed = (recordingId: string, reason: string): RecordingFact => ({
  type: 'recordingFailed',
  recordingId,
  reason,
});

/** What erasing its words owes for its sound; `before` is the call as it was (PRIVACY-13). */
export function recordingsOwed(before: CallState, nowMs: number): readonly Effect[] {
  const recordings = before.recordings ?? [];
  if (recordings.length === 0 && recordingPolicyOf(before) === 'off') return [];
  // A host tells of its recording before it brings it.
  const mayComeYet = recordings.some((each) => each.phase !== 'stored' && each.recordingId !== NONE_BEGUN);
  return [{ type: 'forgetRecordings', againAtMs: mayComeYet ? nowMs + RECORDING_UPLOAD_MS : null }];
}
