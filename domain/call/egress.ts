import type { Effect } from './effects.ts';
import type { CallEvent, CallFact } from './fact.ts';
import type { CallState } from './state.ts';
import { isRecordedByEgress } from './recording.ts';
import { recordingPolicyOf } from './recordings.ts';
import { hasEnded } from './state.ts';
import { supervisionOf } from './supervision.ts';

/** What LiveKit's Egress service was asked for is under way; `orderId` null: nobody ordered it. */
export interface EgressNews {
  readonly type: 'egressStarted' | 'egressStopped';
  readonly recordingId: string;
  readonly orderId: string | null;
}

/** First look for what Egress did not tell of, after the end of the call. */
export const EGRESS_LOOK_MS = 60_000;

/**
 * Names a call's nth recording by Egress, from 1: a UUID, the same whenever it is asked for, so that a repeated effect is
 * known as one that was done.
 */
export function egressRecordingId({ callId }: CallState['request'], nth: number): string {
  return `${nth.toString(16).padStart(8, '0')}${callId.slice(8)}`;
}

const madeSoFar = (call: CallState): number =>
  (call.recordings ?? []).filter(({ recordingId }) => recordingId.endsWith(call.request.callId.slice(8)))
    .length;

/** What an event means for a call that Egress records (REC-10): when it starts, stops and is looked after. */
export function egressOwed(before: CallState | null, event: CallEvent, after: CallState): readonly Effect[] {
  if (!isRecordedByEgress(after)) return [];
  switch (event.type) {
    case 'orderGiven':
      return ordered(after, event);
    case 'callEnded':
      return after.answeredAtMs === null ? [] : [{ type: 'watchEgress' }];
    default:
      return before !== null && mayRecord(after) && !mayRecord(before) ? [start(after, null)] : [];
  }
}

/** Both are there, and whoever must be told was. */
function mayRecord(call: CallState): boolean {
  if (call.answeredAtMs === null || hasEnded(call)) return false;
  const policy = recordingPolicyOf(call);
  return policy === 'on' || (policy === 'afterConsent' && call.consentLineSaidAtMs !== undefined);
}

function start(call: CallState, orderId: string | null): Effect {
  const recordingId = egressRecordingId(call.request, madeSoFar(call) + 1);
  return { type: 'startEgress', room: call.request.room, recordingId, orderId };
}

/** Egress knows no pause: it stops, and another recording begins when it is to go on. */
function ordered(call: CallState, event: CallEvent & { readonly type: 'orderGiven' }): readonly Effect[] {
  const { orderId, order } = event;
  if (order.kind === 'resumeRecording') return [start(call, orderId)];
  const current = call.recordings?.findLast(({ phase }) => phase === 'recording');
  if (order.kind !== 'pauseRecording' || current === undefined) return [];
  return [{ type: 'stopEgress', room: call.request.room, recordingId: current.recordingId, orderId }];
}

/** What comes of asking Egress. The recording's own beginning is told by its webhook, which knows when its first sample was. */
export function egressNews(call: CallState, { type, recordingId, orderId }: EgressNews): readonly CallFact[] {
  const known = call.recordings?.find((each) => each.recordingId === recordingId);
  const waits = supervisionOf(call).pending.some((each) => each.orderId === orderId);
  const done: readonly CallFact[] =
    orderId === null || !waits ? [] : [{ type: 'orderFollowed', orderId, outcome: 'done', reason: null }];
  if (type === 'egressStopped')
    return [
      ...(known?.phase === 'recording' ? [{ type: 'recordingPaused', recordingId } as const] : []),
      ...done,
    ];
  const resumes = orderId !== null && known === undefined && call.recordingPaused === true;
  return [...(resumes ? [{ type: 'recordingResumed', recordingId } as const] : []), ...done];
}
