import { projectCall } from '../database/calls.ts';
import { archiveCall } from './archive.ts';
import { signDoorToken } from './door-token.ts';
import type { Env } from './env.ts';
import { boardOf, fleetOf } from './env.ts';
import { mediaServerOf } from './media-server.ts';
import type { Outside } from './surroundings.ts';

/** The deployment around a call: LiveKit, the Fleet, the Board, D1 and R2. */
export function outsideOf(env: Env): Outside {
  return {
    media: mediaServerOf(env),
    chooseHost: (callId, without, media) => fleetOf(env).choose(callId, without, media),
    releaseSeat: (callId, hostId) => fleetOf(env).release(callId, hostId),
    apologise: (callId, room, profile) => fleetOf(env).apologise(callId, room, profile),
    announce: (summary) => boardOf(env).announce(summary),
    project: (call) => projectCall(env.DB, call),
    archive: (call, ledger) => archiveCall(env.ARCHIVE, call, ledger),
    signDoorToken: (claims, atMs) => signDoorToken(claims, env.DOOR_SECRET ?? '', atMs),
  };
}
