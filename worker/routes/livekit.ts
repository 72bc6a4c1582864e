import { Hono } from 'hono';
import type { ParticipantInfo } from 'livekit-server-sdk';
import { WebhookReceiver } from 'livekit-server-sdk';
import type { CallInput, Participant } from '../../domain/call/input.ts';
import {
  callIdOfRoom,
  callIdOfWhisperRoom,
  isCustomerThere,
  isTelephone,
  seatOf,
} from '../../domain/call/identity.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { takeEgressNews } from '../../durable-objects/egress.ts';
import { mediaServerOf } from '../../durable-objects/media-server.ts';
import { failureOfLeaving } from '../../durable-objects/telephony/outcomes.ts';
import type { AppEnv } from '../app-env.ts';
import { answerLine, callIdOfLineRoom, isCallerOfLine } from '../calls/line-room.ts';
import { readText } from '../http/body.ts';
import { refuse } from '../http/problem.ts';

const MAX_WEBHOOK_BYTES = 256 * 1024;

/**
 * LiveKit's webhooks: verify, hand over, answer at once. A slow answer blocks the room's queue, a 4xx is never tried
 * again and a 5xx a few times; what is lost all the same, reconciling finds (LEDGER-4).
 */
export const livekitRoutes = new Hono<AppEnv>().post('/livekit/webhook', async (c) => {
  const { livekit } = c.get('settings');
  if (livekit === null) return refuse(c, 'media_unavailable', 'This deployment has no media server.');
  const body = await readText(c, MAX_WEBHOOK_BYTES);
  if (body === null) return refuse(c, 'oversized', 'The body is too large.');
  let event;
  try {
    // Checks the signature, the token's age and the body's hash.
    event = await new WebhookReceiver(livekit.apiKey, livekit.apiSecret).receive(
      body,
      c.req.header('authorization'),
    );
  } catch {
    return refuse(c, 'signature_invalid', 'This webhook is not signed with our key for this body.');
  }
  const { egressInfo } = event;
  if (egressInfo !== undefined) {
    const recorded = callIdOfRoom(egressInfo.roomName);
    if (recorded !== null) {
      const call = callRoomOf(c.env, recorded);
      await takeEgressNews(c.env, recorded, egressInfo, async (input) => (await call.take(input)).ok);
    }
    return c.json({});
  }
  const room = event.room?.name ?? '';
  const { participant } = event;
  const identity = participant?.identity ?? '';
  if (event.event === 'participant_joined' && isCallerOfLine(room, identity)) {
    const attributes = participant?.attributes ?? {};
    if (!(await answerLine(c.env, room, attributes))) {
      // Nobody is to talk to a number that nobody answers, nor to hear it ring.
      await mediaServerOf(c.env)?.closeRoom(room);
      return c.json({});
    }
  }
  const callId = callIdOfRoom(room) ?? callIdOfWhisperRoom(room) ?? (await callIdOfLineRoom(room));
  if (callId === null) return c.json({});
  for (const input of inputsOf(event.event, room, participant)) await callRoomOf(c.env, callId).take(input);
  return c.json({});
});

/** What an event means for a call. Agents come and go unnoticed: they have a door of their own. */
function inputsOf(
  event: string,
  room: string,
  participant: ParticipantInfo | undefined,
): readonly CallInput[] {
  // Where supervisors whisper is no customer.
  if (event === 'room_finished') return callIdOfWhisperRoom(room) === null ? [{ type: 'roomFinished' }] : [];
  const { identity = '', sid: connection = '', attributes, disconnectReason = 0 } = participant ?? {};
  if (seatOf(identity) === 'supervisor') return seatNews(event, { identity, connection });
  if (seatOf(identity) !== 'customer' || callIdOfWhisperRoom(room) !== null) return [];
  if (event === 'participant_joined') {
    const there = isCustomerThere(identity, attributes);
    return there ? [{ type: 'customerSeen', participant: { identity, connection } }] : [];
  }
  if (event !== 'participant_left' && event !== 'participant_connection_aborted') return [];
  // A telephone that leaves while it rings says why; one that was answered has only left.
  const failed = isTelephone(identity) ? failureOfLeaving(disconnectReason) : null;
  return [
    ...(failed === null ? [] : [{ type: 'dialFailed', ...failed } as const]),
    { type: 'customerGone', participant: { identity, connection } },
  ];
}

/** Hidden participants are told of like all others. */
function seatNews(event: string, participant: Participant): readonly CallInput[] {
  if (event === 'participant_joined') return [{ type: 'seatSeen', participant }];
  const gone = event === 'participant_left' || event === 'participant_connection_aborted';
  return gone ? [{ type: 'seatGone', participant }] : [];
}
