import * as z from 'zod/mini';
import type { CarrierSettings } from '../../database/carriers.ts';
import { carrierNamed } from '../../database/carriers.ts';
import type { CallState } from '../../domain/call/state.ts';
import type { Env } from '../env.ts';
import type { Placed } from '../place-dial.ts';
import { publicUrl } from '../public-url.ts';
import { within } from '../within.ts';
import type { Ringing } from './numbers.ts';
import { ringingOf } from './numbers.ts';
import { failureOfTwilioError, newsOfTwilio } from './outcomes.ts';
import { sipLogin } from './sip-login.ts';
import type { Telephony } from './telephony.ts';

const ANSWER_MS = 10_000;
/** A call that Twilio made a little before we wrote that it may ring: their clock is not ours. */
const CLOCKS_DIFFER_MS = 10_000;

const CallSchema = z.object({
  sid: z.string(),
  status: z.string(),
  from: z.optional(z.nullable(z.string())),
  date_created: z.optional(z.nullable(z.string())),
});
const CallsSchema = z.object({ calls: z.array(CallSchema) });
const ErrorSchema = z.object({ code: z.optional(z.number()) });

/** Twilio rings the customer and, once answered, hands them over to LiveKit's SIP address, into the call's own room. */
export function twilio(env: Env): Telephony {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: token } = env;
  if (!sid || !token) throw new Error('Twilio is not configured');
  const base = (env.TWILIO_BASE_URL || 'https://api.twilio.com').replace(/\/+$/, '');
  const calls = `${base}/2010-04-01/Accounts/${encodeURIComponent(sid)}/Calls`;
  const headers = { authorization: `Basic ${btoa(`${sid}:${token}`)}` };

  const ask = (url: string, form?: URLSearchParams): Promise<Response> =>
    within(ANSWER_MS, (signal) =>
      fetch(url, { headers, signal, ...(form === undefined ? {} : { method: 'POST', body: form }) }),
    );

  /** The one Twilio has for this number since we may have asked for it; a number is dialled by one call at a time. */
  const lookFor = async (call: CallState): Promise<string | null> => {
    const ringing = ringingOf(call);
    const sinceMs = call.dial?.startedAtMs ?? null;
    if (ringing === null || sinceMs === null) return null;
    const response = await ask(`${calls}.json?${new URLSearchParams({ To: ringing.to, PageSize: '20' })}`);
    if (!response.ok) throw new Error(`Twilio answers ${response.status}`);
    const ours = CallsSchema.parse(await response.json()).calls.find(
      (each) => Date.parse(each.date_created ?? '') >= sinceMs - CLOCKS_DIFFER_MS,
    );
    return ours?.sid ?? null;
  };

  return {
    async place(call) {
      const ringing = ringingOf(call);
      if (ringing === null) return { kind: 'failed', failure: 'invalidNumber', cause: 'no number' };
      const carrier = await carrierNamed(env.DB, ringing.order.carrierId);
      if (carrier?.settings.sipHost === undefined)
        return { kind: 'failed', failure: 'carrierFailed', cause: 'no SIP host' };
      const form = await orderOf(env, ringing, carrier.settings);
      const response = await ask(`${calls}.json`, form);
      if (response.ok) return placedAs(CallSchema.parse(await response.json()));
      // Its own trouble: whether it rings is not known, and is looked up.
      if (response.status >= 500) throw new Error(`Twilio answers ${response.status}`);
      const error = z.safeParse(ErrorSchema, await response.json().catch(() => ({})));
      const code = error.data?.code ?? response.status;
      return { kind: 'failed', failure: failureOfTwilioError(code), cause: String(code) };
    },
    async find(call) {
      const known = call.dial?.reference ?? (await lookFor(call));
      if (known === null) return { kind: 'lost' };
      const response = await ask(`${calls}/${encodeURIComponent(known)}.json`);
      if (response.status === 404) return { kind: 'lost' };
      if (!response.ok) throw new Error(`Twilio answers ${response.status}`);
      return placedAs(CallSchema.parse(await response.json()));
    },
    async hangUp(call, reference) {
      const known = reference ?? call.dial?.reference ?? (await lookFor(call));
      if (known === null) return;
      const form = new URLSearchParams({ Status: 'completed' });
      const response = await ask(`${calls}/${encodeURIComponent(known)}.json`, form);
      // 404: it knows no such call; 400: the call is over.
      if (!response.ok && response.status !== 404 && response.status !== 400)
        throw new Error(`Twilio answers ${response.status}`);
    },
  };
}

function placedAs({ sid, status }: z.infer<typeof CallSchema>): Placed {
  const news = newsOfTwilio(status, null);
  return news?.kind === 'failed'
    ? { kind: 'failed', failure: news.failure, cause: status }
    : { kind: 'placed', reference: sid };
}

async function orderOf(
  env: Env,
  { callId, room, to, order }: Ringing,
  { sipHost = '', numbers = [] }: CarrierSettings,
): Promise<URLSearchParams> {
  const { username, password } = await sipLogin(env.DOOR_SECRET ?? '');
  const form = new URLSearchParams({
    To: to,
    From: order.callerId ?? numbers[0] ?? '',
    // Twilio takes 5 to 600 s.
    Timeout: String(Math.min(600, Math.max(5, Math.ceil(order.ringMs / 1000)))),
    Twiml: twiml({ address: `${room}@${sipHost}`, username, password }),
    StatusCallback: `${publicUrl(env)}/api/twilio/status?call=${callId}`,
    StatusCallbackMethod: 'POST',
  });
  for (const event of ['initiated', 'ringing', 'answered', 'completed'])
    form.append('StatusCallbackEvent', event);
  return form;
}

/** The room's name is the number called at LiveKit, whose rule for this trunk takes it as the room. */
function twiml(sip: { address: string; username: string; password: string }): string {
  return `<Response><Dial answerOnBridge="true"><Sip username="${xml(sip.username)}" password="${xml(sip.password)}">sip:${xml(sip.address)}</Sip></Dial></Response>`;
}

const xml = (text: string): string => text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
