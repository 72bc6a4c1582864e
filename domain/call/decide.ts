import type { CallBackRequested, CallFact, EndedBy, Outcome, WordsSpoken } from './fact.ts';
import type { CallInput, Liveness, Observation, SessionEnding } from './input.ts';
import type { CallRefusal, CallRefusalCode } from './refusal.ts';
import { recordingNews, recordingOverdue, recordingStored } from './recordings.ts';
import type { AgentSeat, CallState } from './state.ts';
import { LATE_WORDS_MS, MAX_OFFERS, deadlinesOf } from './deadlines.ts';
import {
  answered,
  boundedCallBackMs,
  dialNews,
  isRinging,
  isToBeRung,
  outcomeOf,
  startDial,
} from './dialling.ts';
import { egressNews } from './egress.ts';
import { customerGone, customerSeen, roomListed } from './customer-presence.ts';
import { customerIdentity, seatOf } from './identity.ts';
import { callRefusals } from './refusal.ts';
import { silentAtLast, steer, steeringDue, steeringObserved } from './steering.ts';
import { lineOf } from './supervision.ts';
import { modelReplaced, outcomeOfAgent, usageObserved } from './limits.ts';
import { customerPresent, hasEnded, presentAgent } from './state.ts';

export type Decision =
  | { readonly ok: true; readonly facts: readonly CallFact[] }
  | { readonly ok: false; readonly refusal: CallRefusal };

/**
 * What an input means for a call: the facts to write down, or why it is refused. Pure: the only clock is `nowMs`
 * (the object's own, epoch ms). News that is old or repeated is accepted and folds to no facts (LEDGER-3).
 */
export function decide(call: CallState | null, input: CallInput, nowMs: number): Decision {
  if (input.type === 'requestCall') return request(call, input);
  if (call === null) return refuse('call_unknown');
  switch (input.type) {
    case 'agentChosen':
      return agentChosen(call, input);
    case 'dispatchFailed':
      return accept(call.openOffer?.offer === input.offer ? expireOffer(call, 'dispatchFailed') : []);
    case 'agentHello':
      return agentHello(call, input, nowMs);
    case 'observe':
      return observe(call, input.session, input.observation, nowMs);
    case 'customerSeen':
      return accept(customerSeen(call, input.participant));
    case 'customerGone':
      return accept(customerGone(call, input.participant));
    case 'startDial': {
      const facts = startDial(call);
      return facts === null ? refuse('dial_not_due') : accept(facts);
    }
    case 'withdrawDial':
      // Once it may be ringing it is too late: then the carrier's word counts.
      return accept(isToBeRung(call) ? end(call, 'cancelled', 'system', input.reason) : []);
    case 'dialPlaced':
    case 'dialRinging':
    case 'dialFailed':
      return accept(dialNews(call, input));
    case 'roomFinished':
      return accept(call.answeredAtMs === null ? [] : endByCustomer(call, 'the room was closed'));
    case 'roomListed':
      return accept(roomListed(call, input.customers));
    case 'hangUp':
      return endedBy(call, input.by, outcomeOfHangUp(call), 'hung up by a supervisor');
    case 'markCompleted':
      return endedBy(call, input.by, 'completed', 'marked completed by a supervisor');
    case 'recordingNews':
      return accept(recordingNews(call, input, nowMs));
    case 'egressStarted':
    case 'egressStopped':
      return accept(hasEnded(call) ? [] : egressNews(call, input));
    case 'recordingStored': {
      const facts = recordingStored(call, input);
      return facts === null ? refuse('recording_gone') : accept(facts);
    }
    case 'giveSeat':
    case 'giveOrder':
    case 'flagCall':
    case 'seatSeen':
    case 'seatGone':
    case 'seatsListed':
    case 'withdrawSeats':
      return steer(call, input, nowMs);
    case 'erase':
      return accept(erase(call, input));
    case 'clock':
      return accept(whatIsDue(call, input.liveness, nowMs));
  }
}

const accept = (facts: readonly CallFact[]): Decision => ({ ok: true, facts });
const refuse = (code: CallRefusalCode): Decision => ({
  ok: false,
  refusal: { code, message: callRefusals[code] },
});

function request(call: CallState | null, input: Extract<CallInput, { type: 'requestCall' }>): Decision {
  const { type: _type, ...asked } = input;
  // The same request again is a retry whose answer was lost; another one would be a second dial.
  if (call !== null) return call.request.epoch === asked.epoch ? accept([]) : refuse('call_exists');
  return accept([{ type: 'callRequested', ...asked }]);
}

/** Every path to an end goes through here, so a call ends once (LEDGER-3). */
function end(call: CallState, outcome: Outcome, endedBy: EndedBy, reason: string): readonly CallFact[] {
  return hasEnded(call) ? [] : [{ type: 'callEnded', outcome: outcomeOf(call, outcome), endedBy, reason }];
}

const outcomeOfHangUp = (call: CallState): Outcome =>
  call.answeredAtMs === null ? 'cancelled' : 'completed';

/** A person ends it: the ledger names who, then the end. */
function endedBy(call: CallState, by: string, outcome: Outcome, reason: string): Decision {
  if (hasEnded(call)) return refuse('call_ended');
  return accept([{ type: 'hangUpRequested', by }, ...end(call, outcome, 'supervisor', reason)]);
}

function endByCustomer(call: CallState, reason: string): readonly CallFact[] {
  if (call.callBackPromisedAtMs !== null && presentAgent(call) === null) {
    return end(call, 'noAgent', 'system', 'nobody could take the call');
  }
  const outcome = call.answeredAtMs === null ? 'abandoned' : 'customerHungUp';
  return end(call, outcome, 'customer', reason);
}

function agentChosen(call: CallState, input: Extract<CallInput, { type: 'agentChosen' }>): Decision {
  // The choice took a moment: if the call no longer needs an agent the caller gives the seat back.
  if (hasEnded(call)) return refuse('call_ended');
  if (presentAgent(call) !== null || call.openOffer !== null) return refuse('agent_present');
  return accept([
    { type: 'agentOffered', offer: call.lastOffer + 1, hostId: input.hostId, agentName: input.agentName },
  ]);
}

function expireOffer(call: CallState, reason: 'notOpened' | 'dispatchFailed'): readonly CallFact[] {
  if (call.openOffer === null) return [];
  const expired: CallFact = { type: 'offerExpired', offer: call.openOffer.offer, reason };
  // Who has a person on the line is not told that nobody can take the call (STEER-7).
  return call.offersMade < MAX_OFFERS || lineOf(call) !== null
    ? [expired]
    : [expired, ...giveUpSearch(call, 'no agent opened the call')];
}

/** Someone who waits hears a sentence instead of silence, and is called back; with nobody there the call just ends. */
function giveUpSearch(call: CallState, reason: string): readonly CallFact[] {
  const waits =
    customerPresent(call) && call.request.media === 'livekit' && call.callBackPromisedAtMs === null;
  return waits ? [{ type: 'callBackPromised', reason: 'noAgent' }] : end(call, 'noAgent', 'system', reason);
}

function agentHello(
  call: CallState,
  hello: Extract<CallInput, { type: 'agentHello' }>,
  nowMs: number,
): Decision {
  const known = call.agents.find((seat) => seat.session === hello.session);
  if (known !== undefined) {
    // Back after a dropped socket. Even after the end it may deliver late words, but not if a successor took over.
    return known.leftAtMs === null || hasEnded(call) ? accept([]) : refuse('agent_superseded');
  }
  if (hasEnded(call)) return refuse('call_ended');
  if (hello.offer < 1 || hello.offer > call.lastOffer) return refuse('offer_unknown');
  // Whoever opens the door first serves the call, even a little late: two agents never speak (DISPATCH-3).
  if (presentAgent(call) !== null) return refuse('agent_present');
  const joined: CallFact[] = [
    {
      type: 'agentJoined',
      offer: hello.offer,
      session: hello.session,
      hostId: hello.hostId,
      identity: hello.identity,
      clockOffsetMs: nowMs - hello.agentClockMs,
    },
  ];
  // Without a media server nobody else reports the scripted customer: it is there with its agent.
  if (call.request.media === 'silent' && call.customer === null) {
    joined.push({
      type: 'customerJoined',
      identity: customerIdentity(call.request.callId),
      connection: 'silent',
    });
  }
  return accept(joined);
}

function observe(call: CallState, session: string, observation: Observation, nowMs: number): Decision {
  const seat = call.agents.find((each) => each.session === session);
  if (seat === undefined) return refuse('session_unknown');
  const overAtMs = call.end?.atMs ?? seat.leftAtMs;
  switch (observation.type) {
    case 'wordsSpoken':
      return wordsSpoken(call, seat, observation, overAtMs, nowMs);
    case 'turnMeasured':
      return accept([observation]);
    case 'usageReported':
      return accept(usageObserved(call, observation));
    case 'answerRecorded':
      // What was found out stands, however late we hear of it; what was erased does not come back.
      return call.erased?.words === true ? refuse('call_ended') : accept([observation]);
    case 'modelReplaced':
      return overAtMs === null ? accept(modelReplaced(call, observation)) : refuseLate(call);
    case 'toolUsed':
    case 'languageSwitched':
      return overAtMs === null ? accept([observation]) : refuseLate(call);
    case 'humanRequested':
      return overAtMs === null ? accept(call.attention === null ? [observation] : []) : refuseLate(call);
    case 'consentLineSaid':
      return accept(call.consentLineSaidAtMs === undefined && !hasEnded(call) ? [observation] : []);
    case 'answeredBy':
      return overAtMs === null ? accept(answered(call, observation)) : refuseLate(call);
    // What a customer wished stands, however late we hear of it (DNC-3).
    case 'doNotCallRequested':
      return accept(call.doNotCall === true ? [] : [observation]);
    case 'callBackRequested':
      return accept(callBackRequested(call, seat, observation, nowMs));
    case 'customerAnswered': {
      const isCustomer = seatOf(observation.participant.identity) === 'customer';
      return accept(isCustomer ? customerSeen(call, observation.participant) : []);
    }
    case 'orderFollowed':
    case 'voiceWhispered':
      return overAtMs === null ? steeringObserved(call, observation) : refuseLate(call);
    case 'seatSeen':
    case 'seatGone':
      return overAtMs === null ? steer(call, observation, nowMs) : refuseLate(call);
    case 'sessionEnding':
      return accept(sessionEnding(call, seat, observation));
  }
}

/** The last wish counts; the agent reckoned it by its own clock. */
function callBackRequested(
  call: CallState,
  seat: AgentSeat,
  asked: CallBackRequested,
  nowMs: number,
): readonly CallFact[] {
  const forAtMs = boundedCallBackMs(asked.forAtMs + seat.clockOffsetMs, nowMs);
  return call.callBackForAtMs === forAtMs ? [] : [{ type: 'callBackRequested', forAtMs }];
}

const refuseLate = (call: CallState): Decision => refuse(hasEnded(call) ? 'call_ended' : 'agent_superseded');

/** Words keep the time they were spoken at, on our clock and never in the future (LEDGER-10). */
function wordsSpoken(
  call: CallState,
  seat: AgentSeat,
  words: WordsSpoken,
  overAtMs: number | null,
  nowMs: number,
): Decision {
  // They would bring back what was erased.
  if (call.erased?.words === true) return refuse('call_ended');
  const onOurClock = (atMs: number): number =>
    Math.min(nowMs, Math.max(call.requestedAtMs, Math.round(atMs + seat.clockOffsetMs)));
  const startedAtMs = onOurClock(words.startedAtMs);
  const endedAtMs = Math.max(startedAtMs, onOurClock(words.endedAtMs));
  if (overAtMs !== null && startedAtMs > overAtMs + LATE_WORDS_MS) return refuse('spoken_after_end');
  return accept([{ ...words, startedAtMs, endedAtMs }]);
}

function sessionEnding(call: CallState, seat: AgentSeat, ending: SessionEnding): readonly CallFact[] {
  if (seat.leftAtMs !== null || hasEnded(call)) return [];
  switch (ending.by) {
    case 'customer':
      return endByCustomer(call, ending.reason);
    case 'agent':
      return end(call, outcomeOfAgent(call, ending.outcome), 'agent', ending.reason);
    case 'error':
    case 'drain':
      return agentLost(call, seat, ending.by === 'error' ? 'failed' : 'drained');
  }
}

/** Without a customer nobody needs a successor: the customer's own deadlines end the call (DISPATCH-5). */
function agentLost(
  call: CallState,
  seat: AgentSeat,
  reason: 'lost' | 'failed' | 'drained',
): readonly CallFact[] {
  const left: CallFact[] = [{ type: 'agentLeft', session: seat.session, reason }, ...silentAtLast(call)];
  // A successor would have the same models.
  if (call.outage === true && lineOf(call) === null)
    return [...left, ...end(call, 'agentFailed', 'system', 'no model answered any more')];
  const successors = call.agents.length - 1;
  // A call that wears out agent after agent is itself the fault.
  return successors < MAX_OFFERS || lineOf(call) !== null
    ? left
    : [...left, ...end(call, 'agentFailed', 'system', 'agents kept failing')];
}

/** A call in progress needs what it knows: whoever asks comes again when it has ended. */
function erase(call: CallState, { by, words, contact }: Extract<CallInput, { type: 'erase' }>): CallFact[] {
  const nothingLeft = (!words || call.erased?.words === true) && (!contact || call.erased?.contact === true);
  return !hasEnded(call) || nothingLeft ? [] : [{ type: 'personalDataErased', by, words, contact }];
}

/** The first deadline that has passed decides; the next ring of the clock looks again. */
function whatIsDue(call: CallState, liveness: Liveness, nowMs: number): readonly CallFact[] {
  const due = deadlinesOf(call, liveness)[0];
  if (due === undefined || due.atMs > nowMs) return [];
  const agent = presentAgent(call);
  switch (due.name) {
    case 'agentArrival':
      return expireOffer(call, 'notOpened');
    case 'agentSearch':
      return giveUpSearch(call, 'no agent had a free seat');
    case 'farewell':
      return call.outage === true
        ? end(call, 'agentFailed', 'system', 'no model answered any more')
        : end(call, 'noAgent', 'system', 'nobody could take the call');
    case 'spendLimit':
      return end(call, 'spendLimit', 'system', 'the call reached what it may cost');
    case 'agentReturn':
      return agent === null ? [] : agentLost(call, agent, 'lost');
    case 'dialStart':
      return end(call, 'carrierFailed', 'system', 'the carrier could not be asked in time');
    case 'customerArrival':
      return end(
        call,
        'noAnswer',
        'system',
        isRinging(call) ? 'nobody answered' : 'the customer never joined',
      );
    case 'customerReturn':
      return customerPresent(call) ? [] : endByCustomer(call, 'the customer left');
    case 'maximumDuration':
      return end(call, 'timeLimit', 'system', 'the call reached its longest time');
    case 'orderFollowing':
    case 'operatorArrival':
    case 'operatorReturn':
      return steeringDue(call, due.name);
    case 'silence':
      return end(call, 'stale', 'system', 'nobody said a word for three minutes');
    case 'stale':
      return end(call, 'stale', 'system', 'no sign of life for two minutes');
    case 'recordingBegin':
    case 'recordingStore':
      return recordingOverdue(call, nowMs);
  }
}
