import type { CallEvent } from '../../../../domain/call/fact.ts';
import { timelineEntries } from '../call/timeline.ts';
import { formatDelay, median } from '../time/duration.ts';

export type MarkerKind = 'tool' | 'slow' | 'person' | 'trouble';

/** Something worth going to. */
export interface Marker {
  readonly key: string;
  /** Since the call was requested. */
  readonly atMs: number;
  readonly kind: MarkerKind;
  readonly words: string;
}

export const markerLabel: Record<MarkerKind, string> = {
  tool: 'Tool',
  slow: 'Slow reply',
  person: 'Supervisor',
  trouble: 'Trouble',
};

/** A reply is slow that took this many times the usual one, and at least this long. */
const SLOW_TIMES = 1.5;
const SLOW_MS = 1_200;

/** Tools, slow replies, what supervisors did and what went wrong, in the order in which it happened. */
export function markersOf(events: readonly CallEvent[], requestedAtMs: number): readonly Marker[] {
  const replies = events.filter((event) => event.type === 'turnMeasured');
  const usual = median(replies.map((reply) => reply.totalMs)) ?? 0;
  const words = new Map(timelineEntries(events).map((entry) => [entry.fromSeq, entry.words]));
  return events.flatMap((event) => {
    const kind = kindOf(event, usual);
    if (kind === null) return [];
    const text =
      event.type === 'turnMeasured'
        ? `Reply after ${formatDelay(event.totalMs)}`
        : (words.get(event.seq) ?? markerLabel[kind]);
    return [{ key: `${event.seq}`, atMs: Math.max(0, event.atMs - requestedAtMs), kind, words: text }];
  });
}

function kindOf(event: CallEvent, usualMs: number): MarkerKind | null {
  switch (event.type) {
    case 'toolUsed':
      return event.succeeded ? 'tool' : 'trouble';
    case 'turnMeasured':
      return event.totalMs >= Math.max(SLOW_MS, usualMs * SLOW_TIMES) ? 'slow' : null;
    case 'orderGiven':
    case 'callFlagged':
      return 'person';
    case 'takeOverLapsed':
    case 'humanRequested':
    case 'recordingFailed':
      return 'trouble';
    case 'agentLeft':
      return event.reason === 'finished' ? null : 'trouble';
    default:
      return null;
  }
}

/** Markers so near to each other that a finger could not tell them apart share one place. */
export interface MarkerGroup {
  readonly key: string;
  readonly atMs: number;
  readonly markers: readonly Marker[];
  readonly kind: MarkerKind;
}

const rank: Record<MarkerKind, number> = { trouble: 3, person: 2, tool: 1, slow: 0 };

export function groupMarkers(markers: readonly Marker[], withinMs: number): readonly MarkerGroup[] {
  const groups: { key: string; atMs: number; markers: Marker[]; kind: MarkerKind }[] = [];
  for (const marker of markers.toSorted((a, b) => a.atMs - b.atMs)) {
    const last = groups.at(-1);
    if (last !== undefined && marker.atMs - last.atMs < withinMs) {
      last.markers.push(marker);
      if (rank[marker.kind] > rank[last.kind]) last.kind = marker.kind;
    } else {
      groups.push({ key: marker.key, atMs: marker.atMs, markers: [marker], kind: marker.kind });
    }
  }
  return groups;
}
