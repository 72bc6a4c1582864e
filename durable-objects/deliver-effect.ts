import type { Effect } from '../domain/call/effects.ts';
import type { CallInput } from '../domain/call/input.ts';
import type { CallEvent } from '../domain/call/fact.ts';
import type { CallState } from '../domain/call/state.ts';
import { settlementOf } from '../domain/dial/settlement.ts';
import { summarise } from '../domain/call/summary.ts';
import type { Profile } from '../domain/profile/profile.ts';
import { deliverToEgress } from './egress-effects.ts';
import type { MediaServer } from './media-server.ts';
import { placeDial } from './place-dial.ts';
import type { Outside } from './surroundings.ts';

/** What delivering needs of the call that owes. */
export interface Sender {
  readonly outside: Outside;
  readonly nowMs: () => number;
  readonly call: () => CallState;
  readonly profile: () => Profile;
  readonly ledger: () => readonly CallEvent[];
  /** Feeds what came of it back into the call; false when the call refused it. */
  readonly report: (input: CallInput) => boolean;
  /** One is through, done or not: what is due next may have changed. */
  readonly settled: () => void;
}

/** `again`: nothing failed, but the time has not come (no seat is free yet). */
export type Delivery = { readonly status: 'done' } | { readonly status: 'again'; readonly afterMs: number };

const done: Delivery = { status: 'done' };
const NO_SEAT_PAUSE_MS = 1_000;
/** A dispatch that LiveKit does not take by then is offered elsewhere, rather than retried into the silence. */
const DISPATCH_ATTEMPTS = 3;

/** Does what a call owes, once more if need be: every branch is safe to repeat. Throws when it failed. */
export async function deliverEffect(effect: Effect, attempts: number, sender: Sender): Promise<Delivery> {
  const { outside, call } = sender;
  const callId = call().request.callId;
  switch (effect.type) {
    case 'createRoom':
      await theMedia(sender).createRoom(effect.room);
      return done;
    case 'chooseAgent':
      return chooseAgent(sender);
    case 'dispatchAgent':
      return dispatchAgent(effect, attempts, sender);
    case 'releaseSeat':
      await outside.releaseSeat(callId, effect.hostId);
      return done;
    case 'removeParticipant':
      await theMedia(sender).removeParticipant(effect.room, effect.identity);
      return done;
    case 'closeRoom':
    case 'closeWhisperRoom':
      await theMedia(sender).closeRoom(effect.room);
      return done;
    case 'apologise':
      if (call().end === null) await outside.apologise(callId, effect.room, sender.profile());
      return done;
    case 'startEgress':
    case 'stopEgress':
    case 'watchEgress':
      return deliverToEgress(effect, sender);
    case 'placeDial':
      return placeDial(sender);
    case 'hangUpDial':
      await outside.telephony.hangUp(call());
      return done;
    case 'suppress':
      await outside.suppress(effect.number, callId);
      return done;
    case 'settleDial': {
      const end = settlementOf(call());
      if (end !== null) await outside.settleDial(end);
      return done;
    }
    case 'project':
      await outside.project(call());
      return done;
    case 'archive':
      await outside.archive(call(), sender.ledger());
      return done;
    case 'announce':
      await outside.announce(summarise(call()));
      return done;
    case 'forgetCopies':
      await outside.forgetCopies(callId);
      return done;
    case 'forgetRecordings': {
      await outside.forgetRecordings(callId);
      const leftMs = (effect.againAtMs ?? 0) - sender.nowMs();
      return leftMs > 0 ? { status: 'again', afterMs: leftMs } : done;
    }
    case 'notify':
      await outside.notify(effect.occurrence);
      return done;
  }
}

function theMedia({ outside }: Sender): MediaServer {
  if (outside.media === null) throw new Error('no media server is configured');
  return outside.media;
}

async function chooseAgent({ outside, call, report }: Sender): Promise<Delivery> {
  const { end, hostsTried, openOffer, request, searchingSinceMs } = call();
  if (end !== null) {
    // An earlier try may have reserved a seat whose news never came back: the call wants none any more.
    await outside.releaseSeat(request.callId, null);
    return done;
  }
  if (openOffer !== null || searchingSinceMs === null) return done;
  const host = await outside.chooseHost(request.callId, hostsTried, request.media);
  if (host === null) return { status: 'again', afterMs: NO_SEAT_PAUSE_MS };
  const taken = report({ type: 'agentChosen', hostId: host.hostId, agentName: host.agentName });
  if (!taken) await outside.releaseSeat(request.callId, host.hostId);
  return done;
}

async function dispatchAgent(
  effect: Extract<Effect, { type: 'dispatchAgent' }>,
  attempts: number,
  sender: Sender,
): Promise<Delivery> {
  const { openOffer, request } = sender.call();
  if (openOffer?.offer !== effect.offer) return done;
  const doorToken = await sender.outside.signDoorToken(
    { callId: request.callId, offer: effect.offer, hostId: openOffer.hostId },
    // The same moment for each try, so that the metadata is the same and a repeat can be recognised.
    openOffer.offeredAtMs,
  );
  const metadata = JSON.stringify({ callId: request.callId, offer: effect.offer, doorToken });
  try {
    await theMedia(sender).dispatch(effect.room, effect.agentName, metadata, attempts > 0);
  } catch (error) {
    if (attempts + 1 < DISPATCH_ATTEMPTS) throw error;
    sender.report({ type: 'dispatchFailed', offer: effect.offer });
  }
  return done;
}
