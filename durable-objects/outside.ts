import { projectCall } from '../database/calls.ts';
import { forgetAnswersOf } from '../database/idempotency.ts';
import { suppress } from '../database/suppressions.ts';
import { archiveCall } from './archive.ts';
import { boardRowOf } from './board-row.ts';
import { signDoorToken } from './door-token.ts';
import type { Env } from './env.ts';
import { boardOf, fleetOf } from './env.ts';
import { mediaServerOf } from './media-server.ts';
import type { Outside } from './surroundings.ts';
import { telephonyOf } from './telephony/telephony-of.ts';
import { forgetCallAtDesks, tell } from './tell.ts';

/** The deployment around a call: LiveKit, the Fleet, the Board, those who are told, D1 and R2. */
export function outsideOf(env: Env): Outside {
  return {
    media: mediaServerOf(env),
    chooseHost: (callId, without, media) => fleetOf(env).choose(callId, without, media),
    releaseSeat: (callId, hostId) => fleetOf(env).release(callId, hostId),
    apologise: (callId, room, profile) => fleetOf(env).apologise(callId, room, profile),
    telephony: telephonyOf(env),
    suppress: (number, callId) =>
      suppress(
        env.DB,
        number,
        { source: 'call', reason: 'asked in a call', addedBy: 'customer', callId },
        Date.now(),
      ),
    settleDial: () => Promise.reject(new Error('no dialer yet')),
    announce: (summary) => boardOf(env).announce(boardRowOf(summary)),
    notify: (occurrence) => tell(env, occurrence),
    forgetCopies: (callId) => forgetCopies(env, callId),
    project: (call) => projectCall(env.DB, call),
    archive: (call, ledger) => archiveCall(env.ARCHIVE, call, ledger),
    signDoorToken: (claims, atMs) => signDoorToken(claims, env.DOOR_SECRET ?? '', atMs),
  };
}

/** What is kept of a call for a while besides its rows and archive. Safe to repeat. */
export async function forgetCopies(env: Env, callId: string): Promise<void> {
  const board = boardOf(env).forget(callId);
  await Promise.all([board, forgetCallAtDesks(env, callId), forgetAnswersOf(env.DB, callId)]);
}
