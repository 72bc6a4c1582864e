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

/** They are there, as the room or the agent saw it; again when they come back. */
export interface SeatTaken {
  readonly type: 'seatTaken';
  readonly identity: string;
  /** LiveKit's participant SID: new at every join, so late news of an older one changes nothing. */
  readonly connection: string;
}

/** Nobody sits there any more, as the room or the agent saw it. */
export interface SeatLeft {
  readonly type: 'seatLeft';
  readonly identity: string;
  /** They may not sit there any more: whoever is found there is put out (LISTEN-4). Left out otherwise. */
  readonly withdrawn?: true;
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
  SeatGiven | SeatTaken | SeatLeft | OrderGiven | OrderFollowed | TakeOverLapsed | CallFlagged;

export interface Seat extends Supervisor {
  readonly seat: SeatKind;
  readonly identity: string;
  readonly givenAtMs: number;
  /** When they were last seen to come; null while nobody has sat there. */
  readonly takenAtMs: number | null;
  /** The newest connection that is known; null before the first. */
  readonly connection: string | null;
  /** Null while they may still be there. */
  readonly leftAtMs: number | null;
  /** For good: the person may not listen any more. Left out otherwise. */
  readonly withdrawn?: true;
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
  /** Ids of all orders ever given: the same id again changes nothing. */
  readonly given: readonly string[];
  /** From the order on: a successor of the agent must not speak into it. */
  readonly line: LineHold | null;
  /** When the line was last given back or lapsed; patience with silence and searches counts from then. */
  readonly releasedAtMs: number | null;
  readonly flag: (Supervisor & { readonly note: string; readonly atMs: number }) | null;
}

export const noSupervision: Supervision = {
  seats: [],
  pending: [],
  given: [],
  line: null,
  releasedAtMs: null,
  flag: null,
};

export const supervisionOf = (call: CallState): Supervision => call.supervision ?? noSupervision;

/** Who holds the line; null: the agent has it. */
export const lineOf = (call: CallState): LineHold | null => supervisionOf(call).line;

/** Who is in a seat now, as far as is known. */
export const isTaken = (seat: Seat): boolean => seat.takenAtMs !== null && seat.leftAtMs === null;

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
        seats: [
          ...seats,
          { seat, identity, by, byName, givenAtMs: atMs, takenAtMs: null, connection: null, leftAtMs: null },
        ],
      };
    }
    case 'seatTaken': {
      const { connection, atMs } = event;
      return withSeat(supervision, event.identity, { takenAtMs: atMs, connection, leftAtMs: null });
    }
    case 'seatLeft': {
      const withdrawn = event.withdrawn === true ? ({ withdrawn: true } as const) : {};
      return withSeat(supervision, event.identity, { leftAtMs: event.atMs, ...withdrawn });
    }
    case 'orderGiven': {
      const { orderId, order, by, byName, atMs } = event;
      return {
        ...supervision,
        pending: [...pending, { orderId, order, by, byName, givenAtMs: atMs }],
        given: [...supervision.given, orderId],
        ...(order.kind === 'handBack' ? released(supervision, atMs) : {}),
        ...(order.kind === 'takeOver'
          ? { line: { identity: order.identity, by, byName, orderId, sinceMs: atMs, agentSilentAtMs: null } }
          : {}),
      };
    }
    case 'orderFollowed': {
      const followed = {
        ...supervision,
        pending: pending.filter((each) => each.orderId !== event.orderId),
      };
      if (line?.orderId !== event.orderId) return followed;
      return event.outcome === 'done'
        ? { ...followed, line: { ...line, agentSilentAtMs: event.atMs } }
        : { ...followed, ...released(supervision, event.atMs) };
    }
    case 'takeOverLapsed':
      return line?.identity === event.identity
        ? { ...supervision, ...released(supervision, event.atMs) }
        : supervision;
    case 'callFlagged': {
      const { note, by, byName, atMs } = event;
      return { ...supervision, flag: note === null ? null : { note, by, byName, atMs } };
    }
  }
}

/** The call is over: nobody sits, nothing is owed, nobody holds the line. The mark stays. */
export const endSupervision = (supervision: Supervision, atMs: number): Supervision => ({
  ...supervision,
  ...released(supervision, atMs),
  pending: [],
  seats: supervision.seats.map((seat) => ({ ...seat, leftAtMs: seat.leftAtMs ?? atMs })),
});

const released = ({ line, releasedAtMs }: Supervision, atMs: number) => ({
  line: null,
  releasedAtMs: line === null ? releasedAtMs : atMs,
});

const withSeat = (supervision: Supervision, identity: string, change: Partial<Seat>): Supervision => ({
  ...supervision,
  seats: supervision.seats.map((seat) => (seat.identity === identity ? { ...seat, ...change } : seat)),
});
