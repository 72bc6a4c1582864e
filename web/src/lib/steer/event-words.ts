import type { CallEvent } from '../../../../domain/call/fact.ts';
import type { SeatKind } from '../../../../domain/call/supervision.ts';
import type { Story } from '../call/timeline.ts';
import { formatDuration } from '../time/duration.ts';
import { fateWords, orderWords, type OrderFate } from './order-fates.ts';

/** What earlier and later entries tell of this one. */
export interface Told {
  readonly fates: ReadonlyMap<string, OrderFate>;
  /** Of whoever was given a seat, by its identity. */
  readonly names: ReadonlyMap<string, string>;
}

const given: Record<SeatKind, string> = {
  listen: 'may listen in',
  whisper: 'may whisper by voice',
  operator: 'may take the line',
};
const took: Record<SeatKind, string> = {
  listen: 'listens in',
  whisper: 'can whisper by voice',
  operator: 'is ready to take the line',
};

/** Supervision and recordings in words, for the timeline; null for what is told elsewhere. */
export function eventStory(event: CallEvent, { fates, names }: Told): Story | null {
  const story = (words: string, tone: Story['tone'] = 'quiet'): Story => ({ words, tone });
  switch (event.type) {
    case 'seatGiven':
      return story(`${event.byName} ${given[event.seat]}`);
    case 'seatTaken':
      return story(`${names.get(event.identity) ?? 'A colleague'} ${took[seatKindOf(event.identity)]}`);
    case 'consentLineSaid':
      return story('The customer was told that the call is recorded');
    case 'seatLeft':
      return story(`${names.get(event.identity) ?? 'A colleague'} left ${seatNoun(event.identity)}`);
    case 'orderGiven': {
      const fate = fates.get(event.orderId);
      const words = orderWords(event.byName, event.order);
      if (fate === undefined) return story(words);
      const failed = fate.followed?.outcome === 'failed';
      return story(`${words} · ${fateWords(fate)}`, failed ? 'failed' : 'live');
    }
    case 'takeOverLapsed':
      return story(
        `Line came back to the agent: ${names.get(event.identity) ?? 'whoever had it'} was gone`,
        'attention',
      );
    case 'callFlagged':
      return event.note === null
        ? story(`${event.byName} took the mark for review away`)
        : story(`${event.byName} marked it for review: “${event.note}”`, 'attention');
    case 'recordingBegun':
      return story(`Recording began${event.recorder === 'egress' ? ' (LiveKit Egress)' : ''}`);
    case 'recordingPaused':
      return story('Recording paused: silence is kept in its place');
    case 'recordingResumed':
      return story('Recording goes on');
    case 'recordingEnded':
      return story(`Recording ended after ${formatDuration(event.durationMs)}, being stored`);
    case 'recordingStored':
      return story(`Recording stored: ${formatDuration(event.durationMs)}`);
    case 'recordingFailed':
      return story(`Recording failed: ${event.reason}`, 'failed');
    default:
      return null;
  }
}

function seatKindOf(identity: string): SeatKind {
  if (identity.startsWith('whisper')) return 'whisper';
  return identity.startsWith('operator') ? 'operator' : 'listen';
}

/** Who left which of several is told apart. */
const seatNoun = (identity: string): string => seatNouns[seatKindOf(identity)];
const seatNouns: Record<SeatKind, string> = {
  listen: 'the listeners',
  whisper: 'the whisper room',
  operator: 'the seat for taking the line',
};
