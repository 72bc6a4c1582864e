import type { CallFact } from '../domain/call/fact.ts';
import type { CallState } from '../domain/call/state.ts';
import { isRecordedByEgress } from '../domain/call/recording.ts';
import type { Order } from '../domain/call/supervision.ts';
import { supervisionOf } from '../domain/call/supervision.ts';
import type { Steering } from '../protocol/agent.ts';

/** What supervisors want of the agent now: all of it each time, so that a message that was lost is made up for by the next. */
export function steeringOf(call: CallState): Steering {
  const { pending, line, seats } = supervisionOf(call);
  return {
    orders: pending
      .filter(({ order }) => !isForEgress(call, order))
      .map(({ orderId, order }) => ({ orderId, order })),
    line: line === null ? null : { identity: line.identity },
    whispering: seats.some((each) => each.seat === 'whisper' && each.leftAtMs === null),
    ...(call.spendLimitAtMs === undefined ? {} : { limitReached: 'spend' }),
  };
}

/** Its recording is nothing the agent could pause. */
const isForEgress = (call: CallState, { kind }: Order): boolean =>
  isRecordedByEgress(call) && (kind === 'pauseRecording' || kind === 'resumeRecording');

/** Whether the agent must be told of it. What it reported itself it knows, unless somebody else gave up on it. */
export function changesSteering(fact: CallFact): boolean {
  switch (fact.type) {
    case 'seatGiven':
    case 'seatTaken':
    case 'seatLeft':
    case 'orderGiven':
    case 'takeOverLapsed':
    case 'spendLimitReached':
      return true;
    case 'orderFollowed':
      return fact.outcome === 'failed';
    default:
      return false;
  }
}
