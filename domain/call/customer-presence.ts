import type { CallFact } from './fact.ts';
import { ledgerIdentity } from './identity.ts';
import type { Participant } from './input.ts';
import type { CallState } from './state.ts';
import { hasEnded } from './state.ts';

/** Old news and repetitions fold to nothing (LEDGER-3). */
export function customerSeen(call: CallState, { identity, connection }: Participant): readonly CallFact[] {
  if (hasEnded(call)) return [];
  const seat = call.customer;
  if (seat?.connectionsGone.includes(connection)) return [];
  if (seat !== null && seat.connection === connection) return [];
  return [{ type: 'customerJoined', identity: ledgerIdentity(call.request.callId, identity), connection }];
}

export function customerGone(call: CallState, { identity, connection }: Participant): readonly CallFact[] {
  if (hasEnded(call) || call.customer?.connectionsGone.includes(connection)) return [];
  return [{ type: 'customerLeft', identity: ledgerIdentity(call.request.callId, identity), connection }];
}

/** The media server's own list is the truth where webhooks were lost (LEDGER-4). */
export function roomListed(call: CallState, customers: readonly Participant[]): readonly CallFact[] {
  if (hasEnded(call)) return [];
  const present = call.customer;
  const gone =
    present !== null &&
    present.leftAtMs === null &&
    !customers.some((c) => c.connection === present.connection)
      ? customerGone(call, present)
      : [];
  const arrived = customers.at(-1);
  return arrived === undefined ? gone : [...gone, ...customerSeen(call, arrived)];
}
