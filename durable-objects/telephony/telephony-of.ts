import type { CarrierKind } from '../../domain/dial/order.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { Env } from '../env.ts';
import { labPhone } from './lab.ts';
import { livekitSip } from './livekit-sip.ts';
import type { Telephony } from './telephony.ts';
import { twilio } from './twilio.ts';

/** The carriers of this deployment: the call's own order says which. */
export function telephonyOf(env: Env): Telephony {
  const carriers: Readonly<Record<CarrierKind, () => Telephony>> = {
    lab: () => labPhone(env),
    livekitSip: () => livekitSip(env),
    twilio: () => twilio(env),
  };
  const carrierOf = ({ request }: CallState): Telephony => {
    if (request.dial === undefined) throw new Error('this call rings nobody');
    return carriers[request.dial.carrier]();
  };
  return {
    place: async (call) => carrierOf(call).place(call),
    find: async (call) => carrierOf(call).find(call),
    hangUp: async (call, reference) => carrierOf(call).hangUp(call, reference),
  };
}
