import { Hono } from 'hono';
import { WebhookReceiver } from 'livekit-server-sdk';
import type { CallInput } from '../../domain/call/input.ts';
import { callIdOfRoom, seatOf } from '../../domain/call/identity.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import type { AppEnv } from '../app-env.ts';
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
  const callId = callIdOfRoom(event.room?.name ?? '');
  const input = inputOf(event.event, event.participant?.identity ?? '', event.participant?.sid ?? '');
  if (callId !== null && input !== null) await callRoomOf(c.env, callId).take(input);
  return c.json({});
});

/** What an event means for a call. Monitors and agents come and go unnoticed: agents have a door of their own. */
function inputOf(event: string, identity: string, connection: string): CallInput | null {
  if (event === 'room_finished') return { type: 'roomFinished' };
  if (seatOf(identity) !== 'customer') return null;
  if (event === 'participant_joined') return { type: 'customerSeen', participant: { identity, connection } };
  if (event === 'participant_left' || event === 'participant_connection_aborted') {
    return { type: 'customerGone', participant: { identity, connection } };
  }
  return null;
}
