import { isTelephone } from '../../domain/call/identity.ts';
import type { Env } from '../../durable-objects/env.ts';
import { LINE_ROOM_PREFIX } from '../telephony/trunks.ts';
import { callIdOf, inboundCall } from './inbound-call.ts';

const isLineRoom = (room: string): boolean => room.startsWith(`${LINE_ROOM_PREFIX}_`);

/** Somebody on a telephone, in a room that LiveKit's SIP service made because one of our numbers was called. */
export const isCallerOfLine = (room: string, identity: string): boolean =>
  isLineRoom(room) && isTelephone(identity);

/** The call in such a room: named for the room, so that every webhook of it finds the same one. */
export const callIdOfLineRoom = (room: string): Promise<string | null> =>
  isLineRoom(room) ? callIdOf(room) : Promise.resolve(null);

/** Requests the call, once however often it is told (INBOUND-1). @returns false when nobody answers this number */
export async function answerLine(
  env: Env,
  room: string,
  attributes: Readonly<Record<string, string>>,
): Promise<boolean> {
  const line = e164(attributes['sip.trunkPhoneNumber']);
  if (line === null) return false;
  const from = e164(attributes['sip.phoneNumber']);
  return (await inboundCall(env, { attempt: room, line, from, channel: 'phone', room })) !== null;
}

/** Carriers write numbers with and without their plus; what is no number, as `anonymous`, was withheld. */
function e164(text: string | undefined): string | null {
  const digits = /^\+?([1-9]\d{6,14})$/.exec(text?.trim() ?? '')?.[1];
  return digits === undefined ? null : `+${digits}`;
}
