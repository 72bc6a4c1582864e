import { RoomServiceClient, SipClient } from 'livekit-server-sdk';
import type { Settings } from '../settings.ts';

/** Longer than any healthy answer, seconds. */
const REQUEST_TIMEOUT_S = 5;

type LiveKit = NonNullable<Settings['livekit']>;

/** LiveKit's API is HTTP at the address of its sockets. */
const hostOf = ({ url }: LiveKit): string => url.replace(/^ws/, 'http');

export const roomClient = (livekit: LiveKit, requestTimeout = REQUEST_TIMEOUT_S): RoomServiceClient =>
  new RoomServiceClient(hostOf(livekit), livekit.apiKey, livekit.apiSecret, { requestTimeout });

export const sipClient = (livekit: LiveKit, requestTimeout = REQUEST_TIMEOUT_S): SipClient =>
  new SipClient(hostOf(livekit), livekit.apiKey, livekit.apiSecret, { requestTimeout });
