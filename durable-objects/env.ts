import type { Board } from './board.ts';
import type { CallRoom } from './call-room.ts';
import type { Fleet } from './fleet.ts';

/** Bindings of wrangler.toml and secrets of the deployment. `worker/settings.ts` decodes the text ones. */
export interface Env {
  readonly CALL_ROOM: DurableObjectNamespace<CallRoom>;
  readonly BOARD: DurableObjectNamespace<Board>;
  readonly FLEET: DurableObjectNamespace<Fleet>;
  readonly DB: D1Database;
  readonly ARCHIVE: R2Bucket;
  readonly TOKEN_LIMIT: RateLimit;
  readonly LOGIN_LIMIT: RateLimit;
  readonly LIVEKIT_URL?: string;
  readonly LIVEKIT_API_KEY?: string;
  readonly LIVEKIT_API_SECRET?: string;
  readonly AGENT_HOST_KEY?: string;
  readonly DOOR_SECRET?: string;
  readonly AUTH_SECRET?: string;
  readonly APP_ORIGINS?: string;
  readonly SIMULATED?: string;
  readonly LAB_KEY?: string;
  readonly DEMO_LOGINS?: string;
}

/** One board serves the deployment until its load asks for shards by call id. */
export const boardOf = (env: Env): DurableObjectStub<Board> => env.BOARD.getByName('board');
export const fleetOf = (env: Env): DurableObjectStub<Fleet> => env.FLEET.getByName('fleet');
export const callRoomOf = (env: Env, callId: string): DurableObjectStub<CallRoom> =>
  env.CALL_ROOM.getByName(callId);
