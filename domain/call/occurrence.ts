import type { CallEvent, Channel, Outcome } from './fact.ts';
import { needsOf, WORTH_A_NOTICE, type NeedKind } from './needs.ts';
import type { CallState, Phase } from './state.ts';

export type OccurrenceKind =
  | 'callRequested'
  | 'callAnswered'
  | 'callNeedsHuman'
  | 'callAtRisk'
  | 'callBackPromised'
  | 'callEnded'
  | 'workParked';

/**
 * Something in a call's life that people and other systems are told of: the call as it then stood, without its words.
 * `id` names it for ever: whoever hears of it twice knows it by that (HOOK-1).
 */
export interface Occurrence {
  readonly id: string;
  readonly kind: OccurrenceKind;
  readonly atMs: number;
  readonly callId: string;
  readonly profile: string;
  readonly channel: Channel;
  /** Personal data: leaves the house only where somebody opted in. */
  readonly contactName: string | null;
  readonly phase: Phase;
  readonly requestedAtMs: number;
  readonly answeredAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly outcome: Outcome | null;
}

/** What an event means to those who are told; null for most events. At most one each, so the event's number names it. */
export function occurrenceOf(
  before: CallState | null,
  event: CallEvent,
  after: CallState,
): Occurrence | null {
  const kind = kindOf(before, event, after);
  return kind === null ? null : occurrence(after, kind, String(event.seq), event.atMs);
}

/** A call gave up `key` of what it owes. */
export function workParked(call: CallState, key: string, nowMs: number): Occurrence {
  return occurrence(call, 'workParked', `parked:${key}:${nowMs}`, nowMs);
}

function kindOf(before: CallState | null, event: CallEvent, after: CallState): OccurrenceKind | null {
  switch (event.type) {
    case 'callRequested':
      return 'callRequested';
    case 'agentJoined':
    case 'customerJoined':
      return before?.answeredAtMs === null && after.answeredAtMs !== null ? 'callAnswered' : null;
    case 'humanRequested':
      return before?.attention === null ? 'callNeedsHuman' : null;
    case 'wordsSpoken':
      return becameARisk(before, after) ? 'callAtRisk' : null;
    case 'callBackPromised':
      return 'callBackPromised';
    case 'callEnded':
      return 'callEnded';
    default:
      return null;
  }
}

/** A need worth a notice that was not there before; who asked for a person is told of by itself. */
function becameARisk(before: CallState | null, after: CallState): boolean {
  const kindsOf = (call: CallState): readonly NeedKind[] =>
    needsOf(call)
      .filter(({ kind, weight }) => weight >= WORTH_A_NOTICE && told.has(kind))
      .map(({ kind }) => kind);
  const known = before === null ? [] : kindsOf(before);
  return kindsOf(after).some((kind) => !known.includes(kind));
}

const told: ReadonlySet<NeedKind> = new Set(['anger', 'misunderstood']);

function occurrence(call: CallState, kind: OccurrenceKind, name: string, atMs: number): Occurrence {
  const { callId, profile, channel, contact } = call.request;
  return {
    id: `call:${callId}:${name}`,
    kind,
    atMs,
    callId,
    profile,
    channel,
    contactName: contact.name,
    phase: call.phase,
    requestedAtMs: call.requestedAtMs,
    answeredAtMs: call.answeredAtMs,
    endedAtMs: call.end?.atMs ?? null,
    outcome: call.end?.outcome ?? null,
  };
}
