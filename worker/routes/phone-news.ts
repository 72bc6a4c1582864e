import { Hono } from 'hono';
import type { Context } from 'hono';
import type { CallInput } from '../../domain/call/input.ts';
import { customerToken } from '../../durable-objects/customer-token.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { publicUrl } from '../../durable-objects/public-url.ts';
import { newsOfTwilio } from '../../durable-objects/telephony/outcomes.ts';
import { Uuid } from '../../protocol/api/common.ts';
import { LabInboundSchema, LabNewsSchema, labOutcomes } from '../../protocol/lab-phone.ts';
import * as z from 'zod/mini';
import type { AppEnv } from '../app-env.ts';
import { inboundCall } from '../calls/inbound-call.ts';
import { jsonBody, readText } from '../http/body.ts';
import { refuse } from '../http/problem.ts';
import { isTwilios } from '../telephony/twilio-signature.ts';

const MAX_CALLBACK_BYTES = 16 * 1024;
const JOINS_WITHIN_MS = 60_000;

/**
 * What carriers tell us of calls. The call's own state decides what is news: repeated, late and contradicting news changes
 * nothing (CARRIER-1).
 */
export const phoneNewsRoutes = new Hono<AppEnv>()
  .post('/api/lab/phone/status', async (c) => {
    const principal = c.get('principal');
    if (principal.kind !== 'labPhone') return refuse(c, 'forbidden', 'You may not do this.');
    const news = await jsonBody(c, LabNewsSchema);
    if (!news.ok) return news.response;
    const { callId, status } = news.body;
    if (callId !== principal.callId) return refuse(c, 'forbidden', 'This token tells of another call.');
    const failure = labOutcomes[status];
    if (status === 'ringing') await hear(c, callId, { type: 'dialRinging' });
    else if (failure !== null) await hear(c, callId, { type: 'dialFailed', failure, cause: status });
    return c.json({});
  })
  .post('/api/lab/phone/inbound', async (c) => {
    const { livekit, labPhoneUrl } = c.get('settings');
    if (livekit === null || labPhoneUrl === null)
      return refuse(c, 'media_unavailable', 'There is no lab telephone here.');
    const asked = await jsonBody(c, LabInboundSchema);
    if (!asked.ok) return asked.response;
    const { attempt, from, to } = asked.body;
    const call = await inboundCall(c.env, { attempt, from, line: to, channel: 'lab' });
    if (call === null) return refuse(c, 'line_unanswered', 'Nobody answers this number.');
    const keys = { key: livekit.apiKey, secret: livekit.apiSecret };
    const { callId, room } = call;
    const token = await customerToken(keys, { callId, room, name: null, lastsMs: JOINS_WITHIN_MS });
    return c.json({ callId, join: { url: livekit.url, token, room } }, 201);
  })
  .post('/api/twilio/status', async (c) => {
    const { twilioToken } = c.get('settings');
    if (twilioToken === null) return refuse(c, 'not_found', 'Twilio is not configured.');
    const body = await readText(c, MAX_CALLBACK_BYTES);
    if (body === null) return refuse(c, 'oversized', 'The body is too large.');
    const { pathname, search } = new URL(c.req.url);
    const form = new URLSearchParams(body);
    // Signed over the address that Twilio called, which is not the one we were reached by behind the pages.
    const signed = { url: `${publicUrl(c.env)}${pathname}${search}`, form };
    if (!(await isTwilios(twilioToken, c.req.header('x-twilio-signature') ?? '', signed)))
      return refuse(c, 'signature_invalid', 'This callback is not signed with our token.');
    const callId = z.safeParse(Uuid, c.req.query('call'));
    if (!callId.success) return refuse(c, 'malformed', 'This callback names no call.');
    const status = form.get('CallStatus') ?? '';
    const sip = form.get('SipResponseCode');
    const news = newsOfTwilio(status, sip === null ? null : Number(sip));
    const reference = form.get('CallSid');
    // The answer to our order may have been lost; its callbacks know the call's name too.
    if (reference !== null)
      await hear(c, callId.data, { type: 'dialPlaced', reference: reference.slice(0, 64) });
    if (news?.kind === 'ringing') await hear(c, callId.data, { type: 'dialRinging' });
    if (news?.kind === 'failed') {
      const cause = sip === null ? status : `${status} ${sip.slice(0, 8)}`;
      await hear(c, callId.data, { type: 'dialFailed', failure: news.failure, cause });
    }
    return c.body(null, 204);
  });

/** What a call refuses of it is old. */
async function hear(c: Context<AppEnv>, callId: string, news: CallInput): Promise<void> {
  await callRoomOf(c.env, callId).take(news);
}
