import type { CallEvent } from './fact.ts';
import type { CallState } from './state.ts';

/**
 * Where a supervisor may sit. `listen`: hidden in the call's room, hears all, says nothing. `whisper`: in a room that only
 * supervisors and the agent enter. `operator`: a visible seat in the call's room, heard while they hold the line.
 */
export type SeatKind = 'listen' | 'whisper' | 'operator';

/** Who did it, as the door verified it: `user:<id>`, and the name that colleagues know. */
export interface Supervisor {
  readonly by: string;
  readonly byName: string;
}

/** What a supervisor wants of the agent. It is written down first and takes effect then (STEER-1). */
export type Order =
  /** For the agent alone: its next turn follows it. `voice`: what was said into the whisper room. */
  | { readonly kind: 'whisper'; readonly text: string; readonly via: 'text' | 'voice' }
  /** The agent says these words, as its own. */
  | { readonly kind: 'say'; readonly text: string }
  /** The agent falls silent and deaf; whoever sits as `identity` is heard. */
  | { readonly kind: 'takeOver'; readonly identity: string }
  /** The agent takes the line again; `note`: what it should know. */
  | { readonly kind: 'handBack'; readonly note: string | null }
  /** What is said from now on is not kept: a card number. */
  | { readonly kind: 'pauseRecording' }
  | { readonly kind: 'resumeRecording' };

/** A token for a seat was handed out. */
export interface SeatGiven extends Supervisor {
  readonly type: 'seatGiven';
  readonly seat: SeatKind;
  /** The participant identity it is good for, and no other. */
  readonly identity: string;
}

/** Nobody sits there any more, as the room or the agent saw it. */
export interface SeatLeft {
  readonly type: 'seatLeft';
  readonly identity: string;
}

/** The order stands; the same `orderId` again changes nothing. */
export interface OrderGiven extends Supervisor {
  readonly type: 'orderGiven';
  readonly orderId: string;
  readonly order: Order;
}

/** The agent did it, or could not. */
export interface OrderFollowed {
  readonly type: 'orderFollowed';
  readonly orderId: string;
  readonly outcome: 'done' | 'failed';
  /** Why not; null when done. */
  readonly reason: string | null;
}

/** Whoever held the line is gone and did not come back in time: the agent takes it again (STEER-6). */
export interface TakeOverLapsed {
  readonly type: 'takeOverLapsed';
  readonly identity: string;
}

/** Somebody should look at this call later. Null: no more. */
export interface CallFlagged extends Supervisor {
  readonly type: 'callFlagged';
  readonly note: string | null;
}

export type SupervisionFact =
  SeatGiven | SeatLeft | OrderGiven | OrderFollowed | TakeOverLapsed | CallFlagged;

export interface Seat extends Supervisor {
  readonly seat: SeatKind;
  readonly identity: string;
  readonly givenAtMs: number;
  /** Null while they may still be there. */
  readonly leftAtMs: number | null;
}

export interface PendingOrder extends Supervisor {
  readonly orderId: string;
  readonly order: Order;
  readonly givenAtMs: number;
}

/** A person has the line. */
export interface LineHold extends Supervisor {
  readonly identity: string;
  /** The order by which they took it. */
  readonly orderId: string;
  readonly sinceMs: number;
  /** When the agent had fallen silent and deaf; null while it has not said so. */
  readonly agentSilentAtMs: number | null;
}

export interface Supervision {
  readonly seats: readonly Seat[];
  /** Not yet followed, in the order they were given. */
  readonly pending: readonly PendingOrder[];
  /** From the order on: a successor of the agent must not speak into it. */
  readonly line: LineHold | null;
  readonly flag: (Supervisor & { readonly note: string; readonly atMs: number }) | null;
}

export const noSupervision: Supervision = { seats: [], pending: [], line: null, flag: null };

export const supervisionOf = (call: CallState): Supervision => call.supervision ?? noSupervision;

/** Folds a fact of supervision. Pure and total. */
export function applySupervision(
  supervision: Supervision,
  event: SupervisionFact & Pick<CallEvent, 'atMs'>,
): Supervision {
  const { seats, pending, line } = supervision;
  switch (event.type) {
    case 'seatGiven': {
      const { seat, identity, by, byName, atMs } = event;
      return {
        ...supervision,
        seats: [...seats, { seat, identity, by, byName, givenAtMs: atMs, leftAtMs: null }],
      };
    }
    case 'seatLeft':
      return {
        ...supervision,
        seats: seats.map((each) =>
          each.identity === event.identity ? { ...each, leftAtMs: each.leftAtMs ?? event.atMs } : each,
        ),
      };
    case 'orderGiven': {
      const { orderId, order, by, byName, atMs } = event;
      return {
        ...supervision,
        pending: [...pending, { orderId, order, by, byName, givenAtMs: atMs }],
        line:
          order.kind === 'takeOver'
            ? { identity: order.identity, by, byName, orderId, sinceMs: atMs, agentSilentAtMs: null }
            : order.kind === 'handBack'
              ? null
              : line,
      };
    }
    case 'orderFollowed': {
      const took = line?.orderId === event.orderId;
      return {
        ...supervision,
        pending: pending.filter((each) => each.orderId !== event.orderId),
        line: !took ? line : event.outcome === 'done' ? { ...line, agentSilentAtMs: event.atMs } : null,
      };
    }
    case 'takeOverLapsed':
      return { ...supervision, line: line?.identity === event.identity ? null : line };
    case 'callFlagged': {
      const { note, by, byName, atMs } = event;
      return { ...supervision, flag: note === null ? null : { note, by, byName, atMs } };
    }
  }
}
