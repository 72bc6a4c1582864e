import { uuidv7 } from 'uuidv7';
import type { CallRequested, Channel, Contact, Media, Phone } from '../../domain/call/fact.ts';
import { roomName } from '../../domain/call/identity.ts';
import type { PublishedProfile } from '../../domain/profile/profile.ts';
import { beginCall } from '../../durable-objects/begin-call.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import type { Env } from '../../durable-objects/env.ts';

export interface Asked {
  /** Given when a repeated request must make the same call, not a second one. */
  readonly callId?: string | undefined;
  readonly profile: PublishedProfile;
  readonly channel: Channel;
  readonly media: Media;
  readonly contact: Contact;
  /** As the door verified it. */
  readonly requestedBy: string;
  /** Where the media server has made the room already. */
  readonly room?: string;
  readonly phone?: Phone;
  readonly lead?: CallRequested['lead'];
  /** A scenario: what its customer says (SCENE-1). */
  readonly rehearsal?: readonly string[];
}

/** Writes the call's first events, before anything is dialled or anyone let in. Returns what was written. */
export async function requestCall(env: Env, asked: Asked): Promise<Omit<CallRequested, 'type'>> {
  const callId = asked.callId ?? uuidv7();
  const request = {
    callId,
    // A repeated request must be recognised as the same one.
    epoch: asked.callId ?? crypto.randomUUID(),
    room: asked.room ?? roomName(callId),
    channel: asked.channel,
    media: asked.media,
    contact: asked.contact,
    requestedBy: asked.requestedBy,
    ...(asked.phone === undefined ? {} : { phone: asked.phone }),
    ...(asked.lead === undefined ? {} : { lead: asked.lead }),
  };
  if (asked.rehearsal !== undefined) await callRoomOf(env, callId).rehearse(asked.rehearsal);
  return beginCall(env, request, asked.profile);
}
