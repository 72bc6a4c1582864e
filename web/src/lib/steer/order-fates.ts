import type { CallEvent } from '../../../../domain/call/fact.ts';
import type { Order, OrderFollowed, OrderGiven } from '../../../../domain/call/supervision.ts';
import { formatDelay } from '../time/duration.ts';

/** What became of an order, as the ledger has it. */
export interface OrderFate {
  readonly given: OrderGiven & CallEvent;
  /** Null while the agent has not said. */
  readonly followed: (OrderFollowed & CallEvent) | null;
}

/** By order id, in the order in which they were given. */
export function orderFates(events: readonly CallEvent[]): ReadonlyMap<string, OrderFate> {
  const fates = new Map<string, OrderFate>();
  for (const event of events) {
    if (event.type === 'orderGiven') fates.set(event.orderId, { given: event, followed: null });
    if (event.type !== 'orderFollowed') continue;
    const fate = fates.get(event.orderId);
    if (fate !== undefined) fates.set(event.orderId, { ...fate, followed: event });
  }
  return fates;
}

/** `Ada whispered: “one slot left”`. Whispers and words to say are quoted whole: they are what was ordered. */
export function orderWords(byName: string, order: Order): string {
  switch (order.kind) {
    case 'whisper':
      return `${byName} whispered${order.via === 'voice' ? ' by voice' : ''}: “${order.text}”`;
    case 'say':
      return `${byName} had the agent say: “${order.text}”`;
    case 'takeOver':
      return `${byName} took the line`;
    case 'handBack':
      return order.note === null
        ? `${byName} handed the line back`
        : `${byName} handed the line back: “${order.note}”`;
    case 'pauseRecording':
      return `${byName} paused the recording`;
    case 'resumeRecording':
      return `${byName} resumed the recording`;
  }
}

/** What the agent had to do, and how long it took on the ledger's own clock. */
export function fateWords({ given, followed }: OrderFate): string {
  if (followed === null) return 'not followed yet';
  const after = `after\u00a0${formatDelay(followed.atMs - given.atMs).replace(' ', '\u00a0')}`;
  if (followed.outcome === 'failed') return `failed ${after}: ${followed.reason ?? 'no reason was given'}`;
  return given.order.kind === 'takeOver' ? `agent silent ${after}` : `followed ${after}`;
}
