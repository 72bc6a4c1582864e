import { RoomServiceClient, SipClient, TwirpError } from 'livekit-server-sdk';
import { carrierNamed } from '../../database/carriers.ts';
import { MAXIMUM_DURATION_MS } from '../../domain/call/deadlines.ts';
import { sipIdentity } from '../../domain/call/identity.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { Env } from '../env.ts';
import { liveKitHost } from '../livekit-host.ts';
import type { Placed } from '../place-dial.ts';
import { failureOfSip } from './outcomes.ts';
import { ringingOf } from './numbers.ts';
import type { Telephony } from './telephony.ts';

/** LiveKit answers once its SIP service has taken the call; longer than any healthy answer, seconds. */
const REQUEST_TIMEOUT_S = 10;

/** LiveKit's SIP service rings the customer into the call's room. It knows a call by the participant's identity. */
export function livekitSip(env: Env): Telephony {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = env;
  if (!url || !key || !secret) throw new Error('no media server is configured');
  const host = liveKitHost(url);
  const options = { requestTimeout: REQUEST_TIMEOUT_S, failover: false };
  const sip = new SipClient(host, key, secret, options);
  const rooms = new RoomServiceClient(host, key, secret, options);

  return {
    async place(call) {
      const ringing = ringingOf(call);
      if (ringing === null) return failed('invalidNumber', 'no number');
      const { callId, room, to, order } = ringing;
      const carrier = await carrierNamed(env.DB, order.carrierId);
      const trunkId = carrier?.settings.trunkId;
      if (trunkId === undefined) return failed('carrierFailed', 'no trunk');
      try {
        const { sipCallId } = await sip.createSipParticipant(trunkId, to, room, {
          participantIdentity: sipIdentity(callId),
          participantName: 'Customer',
          hidePhoneNumber: true,
          ringingTimeout: Math.ceil(order.ringMs / 1000),
          maxCallDuration: MAXIMUM_DURATION_MS / 1000,
          playDialtone: false,
          krispEnabled: false,
          waitUntilAnswered: false,
          ...(order.callerId === null ? {} : { fromNumber: order.callerId }),
        });
        return { kind: 'placed', reference: sipCallId };
      } catch (error) {
        const refused = refusalOf(error);
        if (refused === null) throw error;
        return refused;
      }
    },
    async find(call) {
      const present = await rooms.listParticipants(call.request.room).catch(ignoreMissing);
      const there = present?.find((each) => each.identity === sipIdentity(call.request.callId));
      if (there === undefined) return { kind: 'lost' };
      return { kind: 'placed', reference: there.attributes['sip.callID'] ?? there.sid };
    },
    async hangUp({ request }: CallState) {
      await rooms.removeParticipant(request.room, sipIdentity(request.callId)).catch(ignoreMissing);
    },
  };
}

/** What LiveKit's answer means; null when it is not known whether it rings. */
export function refusalOf(error: unknown): Placed | null {
  if (!(error instanceof TwirpError)) return null;
  const code = Number(error.metadata?.sip_status_code);
  if (Number.isInteger(code) && code >= 300) return failed(failureOfSip(code), String(code));
  // It could not tell anybody to ring, or would not: its SIP service is absent, the trunk is gone, the request is wrong.
  const rangNobody = error.code === 'unavailable' || (error.status >= 400 && error.status < 500);
  if (error.code === 'deadline_exceeded' || !rangNobody) return null;
  return failed('carrierFailed', error.code ?? String(error.status));
}

const failed = (failure: Extract<Placed, { kind: 'failed' }>['failure'], cause: string): Placed => ({
  kind: 'failed',
  failure,
  cause,
});

/** A room or participant that is not there: LiveKit answers 404. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof TwirpError && error.status === 404) return undefined;
  throw error;
}
