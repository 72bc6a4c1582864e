import { LabCallSchema, labOutcomes } from '../../protocol/lab-phone.ts';
import { customerToken } from '../customer-token.ts';
import type { Env } from '../env.ts';
import type { Placed } from '../place-dial.ts';
import { publicUrl } from '../public-url.ts';
import { within } from '../within.ts';
import { signLabPhoneToken } from './lab-token.ts';
import { ringingOf } from './numbers.ts';
import type { Telephony } from './telephony.ts';

const ANSWER_MS = 5_000;
/** From the answer to being in the room. */
const JOIN_MS = 60_000;

/**
 * The lab's telephone exchange: simulated people on simulated telephones, behind HTTP like any carrier. It knows a call by our
 * id, so that asking twice rings once.
 */
export function labPhone(env: Env): Telephony {
  const { LAB_PHONE_URL: base, LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = env;
  const simulated = (env.SIMULATED ?? '') !== '';
  if (!base || !simulated || !url || !key || !secret) throw new Error('there is no lab telephone here');

  const ask = async (path: string, init?: RequestInit): Promise<Placed> => {
    const response = await within(ANSWER_MS, (signal) => fetch(`${base}${path}`, { ...init, signal }));
    if (response.status === 404) return { kind: 'lost' };
    if (!response.ok) throw new Error(`the lab's exchange answers ${response.status}`);
    const { callId, status } = LabCallSchema.parse(await response.json());
    const failure = labOutcomes[status];
    return failure === null
      ? { kind: 'placed', reference: callId }
      : { kind: 'failed', failure, cause: status };
  };

  return {
    async place(call) {
      const ringing = ringingOf(call);
      if (ringing === null) return { kind: 'failed', failure: 'invalidNumber', cause: 'no number' };
      const { callId, room, to, order } = ringing;
      const lastsMs = order.ringMs + JOIN_MS;
      const token = await customerToken({ key, secret }, { callId, room, name: null, lastsMs });
      const callback = {
        url: `${publicUrl(env)}/api/lab/phone/status`,
        token: await signLabPhoneToken(callId, env.DOOR_SECRET ?? '', Date.now()),
      };
      return ask('/calls', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          callId,
          to,
          from: order.callerId,
          ringMs: order.ringMs,
          join: { url, token, room },
          callback,
        }),
      });
    },
    find: (call) => ask(`/calls/${call.request.callId}`),
    async hangUp(call) {
      await ask(`/calls/${call.request.callId}`, { method: 'DELETE' });
    },
  };
}
