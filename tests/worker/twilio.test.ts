import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  failureOfLeaving,
  failureOfSip,
  failureOfTwilioError,
  newsOfTwilio,
} from '../../durable-objects/telephony/outcomes.ts';
import { isTwilios } from '../../worker/telephony/twilio-signature.ts';
import { agentComes, dialledCall, freshNumber, typesOf } from './dialled-call.ts';
import type { Dialled } from './dialled-call.ts';
import { eventually } from './receivers.ts';
import { ORIGIN, ask } from './world.ts';

interface Made {
  readonly sid: string;
  readonly status: string;
  readonly form: Record<string, string[]>;
}
const madeFor = async (number: string): Promise<Made[]> =>
  (await fetch(`http://twilio.test/report?to=${encodeURIComponent(number)}`)).json<Made[]>();
const has = (call: Dialled, type: string): Promise<true> =>
  eventually(async () => (await typesOf(call)).includes(type) && true);

beforeAll(async () => {
  const settings = JSON.stringify({ sipHost: 'sip.example.com', numbers: ['+12125550100'] });
  await env.DB.prepare(
    `INSERT INTO carriers VALUES ('carrier-twilio', 'twilio', 'Twilio', ?1, 50, 100, 1, 1)`,
  )
    .bind(settings)
    .run();
});

const dial = async (number: string): Promise<Dialled> => {
  const call = await dialledCall(number, 'twilio', 'carrier-twilio');
  await agentComes(call);
  return call;
};

describe('Twilio’s REST API', () => {
  it('DIAL-3 makes one call that hands the customer over to the call’s own room', async () => {
    const number = freshNumber('42');
    const call = await dial(number);
    await has(call, 'dialPlaced');
    const [made, ...others] = await madeFor(number);
    expect(others).toEqual([]);
    expect(made!.form).toMatchObject({
      To: [number],
      From: ['+12125550100'],
      Timeout: ['20'],
      StatusCallback: [`${ORIGIN}/api/twilio/status?call=${call.callId}`],
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    });
    expect(made!.form.Twiml![0]).toContain(`>sip:call-${call.callId}@sip.example.com</Sip>`);
    expect(made!.form.Twiml![0]).toMatch(/username="earshot-twilio" password="[0-9a-f]{64}"/);
    const { events } = (await call.room.events(0))!;
    expect(events.find((event) => event.type === 'dialPlaced')).toMatchObject({ reference: made!.sid });
  });

  it('DIAL-3 an answer that was lost is looked for, and nobody is rung again', async () => {
    const number = freshNumber('99');
    const call = await dial(number);
    await has(call, 'dialPlaced');
    expect(await madeFor(number)).toHaveLength(1);
  }, 40_000);

  it.each([
    ['98', 'invalidNumber', '21211'],
    ['97', 'carrierFailed', '21210'],
    ['96', 'carrierFailed', 'lost'],
  ])('a number that ends in %s: %s', async (ending, failure, cause) => {
    const call = await dial(freshNumber(ending));
    await has(call, 'callEnded');
    const { events } = (await call.room.events(0))!;
    expect(events.find((event) => event.type === 'dialFailed')).toMatchObject({ failure, cause });
  });

  it('a call that ended is completed at Twilio', async () => {
    const number = freshNumber('42');
    const call = await dial(number);
    await has(call, 'dialPlaced');
    await call.room.take({ type: 'hangUp', by: 'u1' });
    await eventually(async () => (await madeFor(number))[0]?.status === 'completed');
  });
});

describe('POST /api/twilio/status', () => {
  async function signature(url: string, form: URLSearchParams, token = '12345'): Promise<string> {
    const text = [...form].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => name + value);
    const algorithm = { name: 'HMAC', hash: 'SHA-1' };
    const bytes = new TextEncoder();
    const key = await crypto.subtle.importKey('raw', bytes.encode(token), algorithm, false, ['sign']);
    const mac = await crypto.subtle.sign('HMAC', key, bytes.encode(url + text.join('')));
    return btoa(String.fromCharCode(...new Uint8Array(mac)));
  }

  async function tell(
    call: Dialled,
    given: Record<string, string>,
    change: { token?: string; tampered?: string } = {},
  ): Promise<Response> {
    const path = `/api/twilio/status?call=${call.callId}`;
    const form = new URLSearchParams({ CallSid: 'CA1', ...given });
    const signed = await signature(`${ORIGIN}${path}`, form, change.token);
    if (change.tampered !== undefined) form.set('CallStatus', change.tampered);
    return ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signed },
      body: form.toString(),
    });
  }

  it.each([
    ['busy', {}, 'busy'],
    ['no-answer', {}, 'noAnswer'],
    ['canceled', {}, 'noAnswer'],
    ['failed', {}, 'invalidNumber'],
    ['failed', { SipResponseCode: '404' }, 'invalidNumber'],
    ['failed', { SipResponseCode: '503' }, 'carrierFailed'],
    ['failed', { SipResponseCode: '603' }, 'declined'],
  ])('CARRIER-1 %s %j is %s, told twice or late it changes nothing', async (status, more, outcome) => {
    const call = await dial(freshNumber('42'));
    await has(call, 'dialPlaced');
    expect((await tell(call, { CallStatus: 'ringing' })).status).toBe(204);
    expect(await typesOf(call)).toContain('dialRinging');
    expect((await tell(call, { CallStatus: status, ...more })).status).toBe(204);
    expect(await call.room.summary()).toMatchObject({ phase: 'ended', outcome });
    const { head } = (await call.room.events(0))!;
    for (const again of ['ringing', status, 'in-progress', 'completed'])
      expect((await tell(call, { CallStatus: again })).status).toBe(204);
    expect((await call.room.events(0))!.head).toBe(head);
  });

  it('what Twilio did not sign, or somebody changed, is 401 and changes nothing', async () => {
    const call = await dial(freshNumber('42'));
    await has(call, 'dialPlaced');
    const { head } = (await call.room.events(0))!;
    expect((await tell(call, { CallStatus: 'busy' }, { token: 'another' })).status).toBe(401);
    expect((await tell(call, { CallStatus: 'ringing' }, { tampered: 'busy' })).status).toBe(401);
    for (const wrong of ['', 'garbage!', btoa('short')]) {
      const response = await ask(`/api/twilio/status?call=${call.callId}`, {
        method: 'POST',
        headers: { 'x-twilio-signature': wrong },
        body: 'CallStatus=busy',
      });
      expect(response.status).toBe(401);
    }
    expect((await call.room.events(0))!.head).toBe(head);
  });

  // Twilio's own example (its SDKs' tests and its documentation of webhook security).
  it.each([
    ['+14158675309', 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    ['+14158675310', 'GvWf1cFY/Q7PnoempGyD5oXAezc='],
  ])('signs as Twilio documents it: %s', async (from, expected) => {
    const form = new URLSearchParams({
      CallSid: 'CA1234567890ABCDE',
      Caller: from,
      Digits: '1234',
      From: from,
      To: '+18005551212',
    });
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(await isTwilios('12345', expected, { url, form })).toBe(true);
    expect(await isTwilios('12345', expected, { url: `${url}&x=1`, form })).toBe(false);
    expect(await isTwilios('54321', expected, { url, form })).toBe(false);
  });
});

describe('CARRIER-1 every answer of a carrier is one outcome', () => {
  it.each([
    [404, 'invalidNumber'],
    [408, 'noAnswer'],
    [410, 'invalidNumber'],
    [480, 'noAnswer'],
    [484, 'invalidNumber'],
    [486, 'busy'],
    [487, 'noAnswer'],
    [600, 'busy'],
    [603, 'declined'],
    [604, 'invalidNumber'],
    [607, 'declined'],
    [608, 'declined'],
    [401, 'carrierFailed'],
    [403, 'carrierFailed'],
    [407, 'carrierFailed'],
    [488, 'carrierFailed'],
    [500, 'carrierFailed'],
    [503, 'carrierFailed'],
    [0, 'carrierFailed'],
  ] as const)('SIP %i: %s', (code, failure) => expect(failureOfSip(code)).toBe(failure));

  it.each([
    [1, 'noAnswer'],
    [11, 'noAnswer'],
    [12, 'busy'],
    [13, 'carrierFailed'],
    [4, undefined],
    [0, undefined],
    [99, undefined],
  ] as const)('LiveKit’s disconnect reason %i: %s', (reason, failure) =>
    expect(failureOfLeaving(reason)?.failure).toBe(failure),
  );

  it.each([
    ['queued', null],
    ['initiated', null],
    ['in-progress', null],
    ['completed', null],
    ['something new', null],
    ['ringing', { kind: 'ringing' }],
  ])('Twilio’s status %s: %j', (status, news) => expect(newsOfTwilio(status, null)).toEqual(news));

  it.each([
    [21_211, 'invalidNumber'],
    [13_224, 'invalidNumber'],
    [21_210, 'carrierFailed'],
    [20_003, 'carrierFailed'],
    [429, 'carrierFailed'],
  ])('Twilio’s error %i: %s', (code, failure) => expect(failureOfTwilioError(code)).toBe(failure));
});
