import { projectCall } from '../database/calls.ts';
import { forgetAnswersOf } from '../database/idempotency.ts';
import { suppress } from '../database/suppressions.ts';
import type { CallState } from '../domain/call/state.ts';
import type { Settlement } from '../domain/dial/settlement.ts';
import { archiveCall } from './archive.ts';
import { boardRowOf } from './board-row.ts';
import { forgetRecordings } from './recording-store.ts';
import { signDoorToken } from './door-token.ts';
import { egressOf } from './egress.ts';
import type { Env } from './env.ts';
import { boardOf, dialerOf, fleetOf } from './env.ts';
import { lastLook } from './dialer/last-look.ts';
import { judgeCall } from './judge-call.ts';
import { log } from './log.ts';
import { mediaServerOf } from './media-server.ts';
import { resultModelOf } from './result-model.ts';
import type { Outside } from './surroundings.ts';
import { telephonyOf } from './telephony/telephony-of.ts';
import { forgetCallAtDesks, tell } from './tell.ts';
import { wakeDialersOf } from './wake-dialer.ts';

/** The deployment around a call: LiveKit, the Fleet, the Board, those who are told, D1 and R2. */
export function outsideOf(env: Env): Outside {
  return {
    media: mediaServerOf(env),
    egress: egressOf(env),
    chooseHost: (callId, without, media) => fleetOf(env).choose(callId, without, media),
    releaseSeat: (callId, hostId) => fleetOf(env).release(callId, hostId),
    apologise: (callId, room, { busyLine, language }) =>
      fleetOf(env).apologise(callId, room, { busyLine, language }),
    telephony: telephonyOf(env),
    suppress: async (number, callId) => {
      await suppress(
        env.DB,
        number,
        { source: 'call', reason: 'asked in a call', addedBy: 'customer', callId },
        Date.now(),
      );
      await wakeDialersOf(env, number);
    },
    lastLook: (callId) => lastLook(env.DB, callId, () => Date.now()),
    settleDial: (end) => settleAtDialer(env, end),
    announce: (summary) => boardOf(env).announce(boardRowOf(summary)),
    notify: (occurrence) => tell(env, occurrence),
    forgetCopies: (callId) => forgetCopies(env, callId),
    forgetRecordings: (callId) => forgetRecordings(env.ARCHIVE, callId),
    project: async (call) => {
      await projectCall(env.DB, call);
      // Not waited for: what a model says may take long, and D1 remembers that it is owed.
      if (call.end !== null) void judgeSoon(env, call);
    },
    archive: (call, ledger) => archiveCall(env.ARCHIVE, call, ledger),
    signDoorToken: (claims, atMs) => signDoorToken(claims, env.DOOR_SECRET ?? '', atMs),
  };
}

/** Late words are still on their way as a call ends: a model is asked once they are there. */
const SETTLED_MS = 3_000;

async function judgeSoon(env: Env, call: CallState): Promise<void> {
  if (resultModelOf(env) === null) return;
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  await judgeCall(env, call).catch((error: unknown) =>
    log('warn', 'a call was not judged', { callId: call.request.callId, error: String(error) }),
  );
}

/** Its slot is its dialer's; a lead who called us is its campaign's. */
async function settleAtDialer(env: Env, end: Settlement): Promise<void> {
  const name = end.chain ?? end.campaignId;
  if (name !== null) await dialerOf(env, name).settle(name, end);
}

/** What is kept of a call for a while besides its rows and archive. Safe to repeat. */
export async function forgetCopies(env: Env, callId: string): Promise<void> {
  const board = boardOf(env).forget(callId);
  await Promise.all([board, forgetCallAtDesks(env, callId), forgetAnswersOf(env.DB, callId)]);
}
