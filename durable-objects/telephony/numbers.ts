import type { CallState } from '../../domain/call/state.ts';
import type { DialOrder } from '../../domain/dial/order.ts';

/** What every carrier needs to know of a call, or that it cannot be dialled: its number may have been erased meanwhile. */
export interface Ringing {
  readonly callId: string;
  readonly room: string;
  readonly to: string;
  readonly order: DialOrder;
}

export function ringingOf({ request }: CallState): Ringing | null {
  const to = request.phone?.number ?? null;
  if (to === null || request.dial === undefined) return null;
  return { callId: request.callId, room: request.room, to, order: request.dial };
}
