import type { CallEvent } from './fact.ts';
import type { CallState } from './state.ts';
import { awaitsDial, expectsCustomer } from './dialling.ts';
import { egressOwed } from './egress.ts';
import { MAX_OFFERS } from './deadlines.ts';
import { recordingsOwed } from './recordings.ts';
import type { Occurrence } from './occurrence.ts';
import { occurrenceOf } from './occurrence.ts';
import { customerPresent, hasEnded } from './state.ts';
import { whisperRoomName } from './identity.ts';
import { lineOf, supervisionOf } from './supervision.ts';

/** Work the ledger owes the world. At least once, under a key that makes the repeat harmless (EFFECT-1). */
export type Effect =
  | { readonly type: 'createRoom'; readonly room: string }
  /** Whom to ask last is the state's to say when it is tried: an effect that waits would name yesterday's hosts. */
  | { readonly type: 'chooseAgent' }
  | {
      readonly type: 'dispatchAgent';
      readonly offer: number;
      readonly agentName: string;
      readonly room: string;
    }
  /** Null: wherever the call holds one. */
  | { readonly type: 'releaseSeat'; readonly hostId: string | null }
  | { readonly type: 'removeParticipant'; readonly room: string; readonly identity: string }
  | { readonly type: 'closeRoom'; readonly room: string }
  /** Where supervisors spoke to the agent. */
  | { readonly type: 'closeWhisperRoom'; readonly room: string }
  /** One sentence into the room, by any host that lives. */
  | { readonly type: 'apologise'; readonly room: string }
  /** Rings the customer: once, whatever becomes of the attempt (DIAL-3). */
  | { readonly type: 'placeDial' }
  /** Nobody's telephone rings for a call that is over. */
  | { readonly type: 'hangUpDial' }
  /** The number is never dialled again, by anyone (DNC-3). It stands here, for the ledger's may be erased before. */
  | { readonly type: 'suppress'; readonly number: string }
  /** The slot is free again, and the lead has its outcome (DIAL-5). */
  | { readonly type: 'settleDial' }
  /** LiveKit's Egress service records the room, into the file of that name. `orderId`: by whose order it goes on. */
  | {
      readonly type: 'startEgress' | 'stopEgress';
      readonly room: string;
      readonly recordingId: string;
      readonly orderId: string | null;
    }
  /** What Egress has not told of its recordings is asked for, until all are stored or failed. */
  | { readonly type: 'watchEgress' }
  | { readonly type: 'project' }
  | { readonly type: 'archive' }
  | { readonly type: 'announce' }
  /** What others keep of the call for a while is removed: the board's row, deliveries, answers to be repeated. */
  | { readonly type: 'forgetCopies' }
  /** Its sound leaves R2. `againAtMs`: once more then, for an upload that was under way; null where none can be. */
  | { readonly type: 'forgetRecordings'; readonly againAtMs: number | null }
  /** Tells people and webhooks. It holds all that is told, so that a late delivery tells of that moment (HOOK-1). */
  | { readonly type: 'notify'; readonly occurrence: Occurrence };

export interface OwedEffect {
  readonly key: string;
  readonly effect: Effect;
}

/**
 * The effects that writing `event` owes; `before` and `after` are the states around it.
 * Derived from the event alone, so that a replay owes the very same keys.
 */
export function effectsOwed(
  before: CallState | null,
  event: CallEvent,
  after: CallState,
): readonly OwedEffect[] {
  const silent = after.request.media === 'silent';
  const occurrence = occurrenceOf(before, event, after);
  const told: readonly Effect[] = occurrence === null ? [] : [{ type: 'notify', occurrence }];
  return [...effects(before, event, after), ...egressOwed(before, event, after), ...told]
    .filter((effect) => !silent || !mediaEffects.has(effect.type))
    .map((effect) => ({ key: `${event.seq}:${effect.type}`, effect }));
}

const mediaEffects: ReadonlySet<Effect['type']> = new Set([
  'createRoom',
  'removeParticipant',
  'closeRoom',
  'closeWhisperRoom',
  'dispatchAgent',
  'apologise',
  'startEgress',
  'stopEgress',
  'watchEgress',
]);

function effects(before: CallState | null, event: CallEvent, after: CallState): readonly Effect[] {
  const room = after.request.room;
  switch (event.type) {
    case 'callRequested':
      return [{ type: 'announce' }, { type: 'project' }, { type: 'createRoom', room }, search];
    case 'agentOffered':
      return [{ type: 'dispatchAgent', offer: event.offer, agentName: event.agentName, room }];
    case 'offerExpired': {
      const hostId = before?.openOffer?.hostId;
      return [
        ...(hostId === undefined ? [] : [{ type: 'releaseSeat', hostId } as const]),
        ...(after.offersMade < MAX_OFFERS || lineOf(after) !== null ? [search] : []),
      ];
    }
    case 'agentJoined': {
      // A late agent of an earlier offer took the call: the seat of the later offer is free again.
      const promised = before?.openOffer?.hostId;
      return [
        ...(promised === undefined || promised === event.hostId
          ? []
          : [{ type: 'releaseSeat', hostId: promised } as const]),
        ...(awaitsDial(after) ? [{ type: 'placeDial' } as const] : []),
      ];
    }
    case 'callBackPromised':
      // The agent says it itself, and is needed for that.
      if (event.reason === 'outage') return [{ type: 'project' }];
      return [{ type: 'releaseSeat', hostId: null }, { type: 'apologise', room }, { type: 'project' }];
    case 'agentLeft': {
      const left = after.agents.find((seat) => seat.session === event.session);
      if (left === undefined) return [];
      return [
        { type: 'removeParticipant', room, identity: left.identity },
        { type: 'releaseSeat', hostId: left.hostId },
        ...(customerPresent(after) || expectsCustomer(after) ? [search] : []),
      ];
    }
    case 'customerJoined':
      // An agent lost while nobody was there was not replaced then; now someone waits.
      return after.searchingSinceMs !== null && after.openOffer === null && after.agents.length > 0
        ? [search]
        : [];
    case 'doNotCallRequested': {
      const number = after.request.phone?.number ?? null;
      return [...(number === null ? [] : [{ type: 'suppress', number } as const]), ...lateWish(after)];
    }
    case 'callBackRequested':
      return lateWish(after);
    case 'callEnded':
      return [
        ...(after.dial === undefined || after.dial.startedAtMs === null
          ? []
          : [{ type: 'hangUpDial' } as const]),
        ...(isAboutLead(after) ? [{ type: 'settleDial' } as const] : []),
        { type: 'closeRoom', room },
        ...closeWhisperRoom(after),
        { type: 'releaseSeat', hostId: null },
        { type: 'project' },
        { type: 'archive' },
        { type: 'announce' },
      ];
    case 'seatLeft': {
      if (event.withdrawn !== true) return [];
      const { identity } = event;
      return [{ type: 'removeParticipant', room: roomOfSeat(after, identity), identity }];
    }
    case 'callFlagged':
      return hasEnded(after)
        ? [{ type: 'project' }, { type: 'archive' }, { type: 'announce' }]
        : [{ type: 'project' }];
    case 'personalDataErased':
      return [
        { type: 'project' },
        { type: 'archive' },
        { type: 'forgetCopies' },
        ...(before !== null && event.words ? recordingsOwed(before, event.atMs) : []),
      ];
    case 'recordingBegun':
    case 'recordingPaused':
    case 'recordingResumed':
    case 'recordingEnded':
    case 'recordingStored':
    case 'recordingFailed':
    case 'wordsSpoken':
    case 'turnMeasured':
    case 'usageReported':
      // What arrives after the end still belongs to the record.
      return hasEnded(after) ? [{ type: 'project' }, { type: 'archive' }, { type: 'announce' }] : [];
    default:
      return [];
  }
}

const search: Effect = { type: 'chooseAgent' };

const isWhispering = (after: CallState, identity?: string): boolean =>
  supervisionOf(after).seats.some(
    (each) => each.seat === 'whisper' && (identity === undefined || each.identity === identity),
  );

const roomOfSeat = (after: CallState, identity: string): string =>
  isWhispering(after, identity) ? whisperRoomName(after.request.callId) : after.request.room;

const closeWhisperRoom = (after: CallState): readonly Effect[] =>
  isWhispering(after) ? [{ type: 'closeWhisperRoom', room: whisperRoomName(after.request.callId) }] : [];

const isAboutLead = ({ request }: CallState): boolean =>
  request.dial !== undefined || request.lead !== undefined;

/** A wish heard of after the end changes what was settled. */
const lateWish = (after: CallState): readonly Effect[] =>
  hasEnded(after)
    ? [
        ...(isAboutLead(after) ? [{ type: 'settleDial' } as const] : []),
        { type: 'project' },
        { type: 'archive' },
        { type: 'announce' },
      ]
    : [];
