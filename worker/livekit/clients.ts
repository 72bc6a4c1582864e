import { RoomServiceClient, SipClient } from 'livekit-server-sdk';
import { liveKitHost } from '../../durable-objects/livekit-host.ts';
import type { Settings } from '../settings.ts';

/** Longer than any healthy answer, seconds. */
const REQUEST_TIMEOUT_S = 5;

type LiveKit = NonNullable<Settings['livekit']>;

export const roomClient = (livekit: LiveKit, requestTimeout = REQUEST_TIMEOUT_S): RoomServiceClient =>
  new RoomServiceClient(liveKitHost(livekit.url), livekit.apiKey, livekit.apiSecret, { requestTimeout });

export const sipClient = (livekit: LiveKit, requestTimeout = REQUEST_TIMEOUT_S): SipClient =>
  new SipClient(liveKitHost(livekit.url), livekit.apiKey, livekit.apiSecret, { requestTimeout });
