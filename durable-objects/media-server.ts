import { AgentDispatchClient, RoomServiceClient, TwirpError } from 'livekit-server-sdk';
import type { Participant } from '../domain/call/input.ts';
import { isCustomerThere, seatOf } from '../domain/call/identity.ts';
import type { Env } from './env.ts';
import { liveKitHost } from './livekit-host.ts';

/** A room nobody entered is closed by the media server itself after this long, seconds. */
const EMPTY_TIMEOUT_S = 90;
/** A room everybody left is closed after this long, seconds. */
const DEPARTURE_TIMEOUT_S = 10;

/** Longer than any healthy answer; a slower one is tried again from the outbox. */
const REQUEST_TIMEOUT_S = 5;

/** The few things a call asks of LiveKit. Each is safe to repeat. */
export interface MediaServer {
  createRoom(room: string): Promise<void>;
  /** `metadata` reaches the agent's job only. Does nothing when this offer was dispatched before. */
  dispatch(room: string, agentName: string, metadata: string, repeated: boolean): Promise<void>;
  removeParticipant(room: string, identity: string): Promise<void>;
  closeRoom(room: string): Promise<void>;
  /** Customers in the room now; an unknown room has none. */
  customersIn(room: string): Promise<readonly Participant[]>;
  /** Supervisors in the room now, hidden or not. */
  seatsIn(room: string): Promise<readonly Participant[]>;
}

/** Null when the deployment has no media server. */
export function mediaServerOf(env: Env): MediaServer | null {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = env;
  if (!url || !key || !secret) return null;
  const host = liveKitHost(url);
  const rooms = new RoomServiceClient(host, key, secret, { requestTimeout: REQUEST_TIMEOUT_S });
  const dispatches = new AgentDispatchClient(host, key, secret, { requestTimeout: REQUEST_TIMEOUT_S });
  return {
    async createRoom(room) {
      await rooms.createRoom({
        name: room,
        emptyTimeout: EMPTY_TIMEOUT_S,
        departureTimeout: DEPARTURE_TIMEOUT_S,
      });
    },
    async dispatch(room, agentName, metadata, repeated) {
      if (repeated) {
        const made = await ignoreMissing(dispatches.listDispatch(room), []);
        if (made.some((each) => each.metadata === metadata)) return;
      }
      await dispatches.createDispatch(room, agentName, { metadata });
    },
    async removeParticipant(room, identity) {
      await ignoreMissing(rooms.removeParticipant(room, identity), undefined);
    },
    async closeRoom(room) {
      await ignoreMissing(rooms.deleteRoom(room), undefined);
    },
    async customersIn(room) {
      const present = await ignoreMissing(rooms.listParticipants(room), []);
      return present
        .filter((each) => isCustomerThere(each.identity, each.attributes))
        .map((each) => ({ identity: each.identity, connection: each.sid }));
    },
    async seatsIn(room) {
      const present = await ignoreMissing(rooms.listParticipants(room), []);
      return present
        .filter((each) => seatOf(each.identity) === 'supervisor')
        .map((each) => ({ identity: each.identity, connection: each.sid }));
    },
  };
}

/** What is gone already needs no removing: LiveKit answers 404 for it. */
async function ignoreMissing<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof TwirpError && error.status === 404) return otherwise;
    throw error;
  }
}
