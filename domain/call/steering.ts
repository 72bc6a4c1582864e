import type { Decision } from './decide.ts';
import type { CallFact } from './fact.ts';
import type { Participant, SeatNews, VoiceWhispered } from './input.ts';
import type { CallRefusalCode } from './refusal.ts';
import type { CallState } from './state.ts';
import type { Order, OrderFollowed, Seat, SeatKind, Supervisor } from './supervision.ts';
import type { SteeringDeadlineName } from './steering-deadlines.ts';
import { callRefusals } from './refusal.ts';
import { isRecordedByEgress } from './recording.ts';
import { hasEnded, presentAgent } from './state.ts';
import { overdueOrder } from './steering-deadlines.ts';
import { isTaken, lineOf, supervisionOf } from './supervision.ts';

/** What supervisors want, and what is known of where they sit. `by` is what the door verified. */
export type SteeringInput =
  | ({ readonly type: 'giveSeat'; readonly seat: SeatKind; readonly identity: string } & Supervisor)
  | ({ readonly type: 'giveOrder'; readonly orderId: string; readonly order: Order } & Supervisor)
  /** Null takes the mark away. */
  | ({ readonly type: 'flagCall'; readonly note: string | null } & Supervisor)
  | SeatNews
  /** The media server's own list of who sits where, asked for at `askedAtMs`, of these kinds of seats. */
  | {
      readonly type: 'seatsListed';
      readonly seats: readonly SeatKind[];
      readonly present: readonly Participant[];
      readonly askedAtMs: number;
    }
  /** This person may not take part any more. */
  | { readonly type: 'withdrawSeats'; readonly by: string };

/** A seat that was given and never taken can be taken no more after this long: its token has expired (LISTEN-2). */
export const SEAT_UNUSED_MS = 125_000;

/** Orders that may wait at a time: all of them fit into one message to the agent. */
export const MAX_PENDING_ORDERS = 20;

export function steer(call: CallState, input: SteeringInput, nowMs: number): Decision {
  switch (input.type) {
    case 'giveSeat':
      return giveSeat(call, input);
    case 'giveOrder':
      return giveOrder(call, input);
    case 'flagCall':
      return flag(call, input);
    case 'seatSeen':
    case 'seatGone':
      return accept(seatNews(call, input));
    case 'seatsListed':
      return accept(seatsListed(call, input, nowMs));
    case 'withdrawSeats':
      return accept(withdrawn(call, input.by));
  }
}

const accept = (facts: readonly CallFact[]): Decision => ({ ok: true, facts });
const refuse = (code: CallRefusalCode): Decision => ({
  ok: false,
  refusal: { code, message: callRefusals[code] },
});

function giveSeat(call: CallState, input: Extract<SteeringInput, { type: 'giveSeat' }>): Decision {
  if (hasEnded(call)) return refuse('call_ended');
  if (call.request.media === 'silent') return refuse('call_silent');
  const { seat, identity, by, byName } = input;
  const given = supervisionOf(call).seats.find((each) => each.identity === identity);
  // An identity is one person's seat for good.
  if (given !== undefined)
    return given.by === by && given.seat === seat ? accept([]) : refuse('seat_not_yours');
  return accept([{ type: 'seatGiven', seat, identity, by, byName }]);
}

/** The order is written down first and takes effect then; the same id again is a retry (STEER-1). */
function giveOrder(call: CallState, input: Extract<SteeringInput, { type: 'giveOrder' }>): Decision {
  const { orderId, order, by, byName } = input;
  if (supervisionOf(call).given.includes(orderId)) return accept([]);
  if (hasEnded(call)) return refuse('call_ended');
  if (supervisionOf(call).pending.length >= MAX_PENDING_ORDERS) return refuse('too_many_orders');
  const refusal = refusalOf(call, order, by);
  if (refusal !== null) return refuse(refusal);
  const given: CallFact = { type: 'orderGiven', orderId, order, by, byName };
  // With no agent there nobody has to fall silent: the line is theirs at once.
  return accept(
    order.kind === 'takeOver' && presentAgent(call) === null ? [given, followed(orderId)] : [given],
  );
}

const followed = (orderId: string): CallFact => ({
  type: 'orderFollowed',
  orderId,
  outcome: 'done',
  reason: null,
});

function refusalOf(call: CallState, order: Order, by: string): CallRefusalCode | null {
  const line = lineOf(call);
  switch (order.kind) {
    case 'whisper':
      return null;
    case 'say':
      return line === null ? null : 'line_held';
    case 'takeOver':
      if (line !== null && line.by !== by) return 'line_held';
      if (call.answeredAtMs === null) return 'no_agent_yet';
      return seatFor(call, order.identity, 'operator')?.by === by ? null : 'seat_not_yours';
    case 'handBack':
      if (line === null) return 'line_free';
      return line.by === by ? null : 'line_held';
    case 'pauseRecording':
    case 'resumeRecording': {
      // Between two of Egress's recordings there is none.
      if (order.kind === 'resumeRecording' && isRecordedByEgress(call) && call.recordingPaused === true)
        return null;
      const records = (call.recordings ?? []).some(
        ({ phase }) => phase === 'recording' || phase === 'paused',
      );
      return records ? null : 'not_recording';
    }
  }
}

/** The seat of that kind, unless it was withdrawn. */
function seatFor(call: CallState, identity: string, kind: SeatKind): Seat | undefined {
  return supervisionOf(call).seats.find(
    (seat) => seat.identity === identity && seat.seat === kind && seat.withdrawn !== true,
  );
}

function flag(call: CallState, { note, by, byName }: Extract<SteeringInput, { type: 'flagCall' }>): Decision {
  // A note would bring back what was erased.
  if (note !== null && call.erased?.words === true) return refuse('call_ended');
  const known = supervisionOf(call).flag;
  const same = note === null ? known === null : known?.note === note && known.by === by;
  return accept(same ? [] : [{ type: 'callFlagged', note, by, byName }]);
}

/** What an agent reports of orders and of what it hears in the whisper room. Its seat in the call was checked. */
export function steeringObserved(call: CallState, observation: OrderFollowed | VoiceWhispered): Decision {
  if (hasEnded(call)) return accept([]);
  const { pending, given } = supervisionOf(call);
  if (observation.type === 'orderFollowed') {
    // One that was given up already, or done by an agent before: its outcome stands.
    return accept(pending.some(({ orderId }) => orderId === observation.orderId) ? [observation] : []);
  }
  const { whisperId, identity, text } = observation;
  const seat = seatFor(call, identity, 'whisper');
  if (seat === undefined) return refuse('seat_not_yours');
  if (given.includes(whisperId)) return accept([]);
  const order: Order = { kind: 'whisper', text, via: 'voice' };
  return accept([{ type: 'orderGiven', orderId: whisperId, order, by: seat.by, byName: seat.byName }]);
}

function seatNews(call: CallState, { type, participant }: SeatNews): readonly CallFact[] {
  const { identity, connection } = participant;
  const seat = supervisionOf(call).seats.find((each) => each.identity === identity);
  if (hasEnded(call) || seat === undefined) return [];
  if (type === 'seatSeen') return seat.connection === connection ? [] : sitsDown(seat, connection);
  // A late word of a stay that another has followed changes nothing.
  const current = seat.connection === null || seat.connection === connection;
  return current && seat.leftAtMs === null ? [{ type: 'seatLeft', identity }] : [];
}

function sitsDown({ identity, withdrawn: out }: Seat, connection: string): readonly CallFact[] {
  // Its token was still good for a moment: they are put out again (LISTEN-4).
  return out === true
    ? [{ type: 'seatLeft', identity, withdrawn: true }]
    : [{ type: 'seatTaken', identity, connection }];
}

function seatsListed(
  call: CallState,
  { seats, present, askedAtMs }: Extract<SteeringInput, { type: 'seatsListed' }>,
  nowMs: number,
): readonly CallFact[] {
  if (hasEnded(call)) return [];
  return supervisionOf(call).seats.flatMap((seat): readonly CallFact[] => {
    if (!seats.includes(seat.seat)) return [];
    const there = present.find(({ identity }) => identity === seat.identity);
    if (there !== undefined) {
      return isTaken(seat) && seat.connection === there.connection ? [] : sitsDown(seat, there.connection);
    }
    if (seat.leftAtMs !== null) return [];
    // Who came while the answer was on its way is not in it.
    const gone =
      seat.takenAtMs === null ? nowMs - seat.givenAtMs > SEAT_UNUSED_MS : seat.takenAtMs < askedAtMs;
    return gone ? [{ type: 'seatLeft', identity: seat.identity }] : [];
  });
}

function withdrawn(call: CallState, by: string): readonly CallFact[] {
  if (hasEnded(call)) return [];
  const theirs = supervisionOf(call).seats.filter((seat) => seat.by === by && seat.withdrawn !== true);
  const line = lineOf(call);
  return [
    ...(line?.by === by ? [{ type: 'takeOverLapsed', identity: line.identity } as const] : []),
    ...theirs.map(({ identity }) => ({ type: 'seatLeft', identity, withdrawn: true }) as const),
  ];
}

/** The agent is gone: whoever waits for it to fall silent waits no longer. */
export function silentAtLast(call: CallState): readonly CallFact[] {
  const line = lineOf(call);
  const waits = line !== null && supervisionOf(call).pending.some(({ orderId }) => orderId === line.orderId);
  return waits ? [followed(line.orderId)] : [];
}

/** What a deadline of steering means. */
export function steeringDue(call: CallState, name: SteeringDeadlineName): readonly CallFact[] {
  if (name === 'orderFollowing') {
    const order = overdueOrder(call);
    const reason = 'the agent did not follow it in time';
    return order === null
      ? []
      : [{ type: 'orderFollowed', orderId: order.orderId, outcome: 'failed', reason }];
  }
  const line = lineOf(call);
  return line === null ? [] : [{ type: 'takeOverLapsed', identity: line.identity }];
}
