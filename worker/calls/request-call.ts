import { uuidv7 } from 'uuidv7';
import type { CallRequested, Channel, Contact, Media, Phone } from '../../domain/call/fact.ts';
import { roomName } from '../../domain/call/identity.ts';
import type { Profile } from '../../domain/profile/profile.ts';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import type { Env } from '../../durable-objects/env.ts';

export interface Asked {
  /** Given when a repeated request must make the same call, not a second one. */
  readonly callId?: string | undefined;
  readonly profile: Profile;
  readonly channel: Channel;
  readonly media: Media;
  readonly contact: Contact;
  /** As the door verified it. */
  readonly requestedBy: string;
  /** Where the media server has made the room already. */
  readonly room?: string;
  readonly phone?: Phone;
  readonly lead?: CallRequested['lead'];
}

export function profileNamed(slug: string): Profile | null {
  return exampleProfiles.find((each) => each.slug === slug) ?? null;
}

/** Writes the call's first events, before anything is dialled or anyone let in. Returns what was written. */
export async function requestCall(env: Env, asked: Asked): Promise<Omit<CallRequested, 'type'>> {
  const callId = asked.callId ?? uuidv7();
  const request = {
    callId,
    // A repeated request must be recognised as the same one.
    epoch: asked.callId ?? crypto.randomUUID(),
    room: asked.room ?? roomName(callId),
    profile: asked.profile.slug,
    channel: asked.channel,
    media: asked.media,
    contact: asked.contact,
    requestedBy: asked.requestedBy,
    ...(asked.phone === undefined ? {} : { phone: asked.phone }),
    ...(asked.lead === undefined ? {} : { lead: asked.lead }),
    ...(asked.profile.recording === 'off' ? {} : { recording: asked.profile.recording }),
  };
  const taken = await callRoomOf(env, callId).take({ type: 'requestCall', ...request });
  if (!taken.ok) throw new Error(`a new call was refused: ${taken.refusal.code}`);
  return request;
}
