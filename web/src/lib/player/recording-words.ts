import type { Recording } from '../../../../domain/call/recording.ts';
import type { CallState } from '../../../../domain/call/state.ts';
import { formatOffset } from '../time/duration.ts';

export interface RecordingLine {
  readonly key: string;
  readonly tone: 'quiet' | 'live' | 'attention' | 'failed';
  readonly words: string;
}

/** How the sound of a call stands, in sentences; nothing to say of what is stored and can simply be heard. */
export function recordingLines(call: CallState): readonly RecordingLine[] {
  const recordings = call.recordings ?? [];
  if (recordings.length > 0) {
    return recordings.flatMap((each) => lineOf(each, call) ?? []);
  }
  const line = (words: string): readonly RecordingLine[] => [{ key: 'none', tone: 'quiet', words }];
  if (call.request.media === 'silent')
    return line('There is no recording: this call has words without sound.');
  if (call.erased?.words === true) return line('There is no recording: it was erased.');
  return call.phase === 'ended'
    ? line('Not recorded: the policy is off, or the customer was not told of it.')
    : line('Not being recorded.');
}

function lineOf(recording: Recording, call: CallState): RecordingLine | null {
  const { recordingId: key, phase, startedAtMs, reason } = recording;
  const of = `from ${formatOffset(startedAtMs - call.requestedAtMs)}`;
  switch (phase) {
    case 'recording':
      return { key, tone: 'live', words: 'Being recorded.' };
    case 'paused':
      return { key, tone: 'attention', words: 'Recording paused: what is said now is not kept.' };
    case 'pending':
      return { key, tone: 'quiet', words: `Recording ${of} pending: it is being stored.` };
    case 'failed':
      return { key, tone: 'failed', words: `Recording ${of} failed: ${reason ?? 'nobody said why'}.` };
    case 'stored':
      return null;
  }
}
